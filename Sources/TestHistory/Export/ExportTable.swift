/// A table of a history as other tools see it: names instead of numbers, seconds, ISO 8601 in UTC.
package enum ExportTable: String, Sendable, CaseIterable {
    case runs
    case nodes
    case tests
    case attempts
    case hardware
    case machines
    case artifacts

    /// What a column holds.
    package enum Kind: Sendable, Hashable {
        case text
        case integer
        /// With a fraction.
        case number
        /// 0 or 1.
        case flag
        /// As `2026-03-31T12:00:00.000Z`.
        case time
    }

    /// A column.
    package struct Column: Sendable, Hashable {
        package var name: String
        package var kind: Kind
        package var mayBeNull: Bool

        package init(_ name: String, _ kind: Kind, mayBeNull: Bool = false) {
            self.name = name
            self.kind = kind
            self.mayBeNull = mayBeNull
        }
    }

    /// In the order of the cells.
    package var columns: [Column] {
        switch self {
        case .runs:
            [
                Column("run", .text), Column("started_at", .time), Column("commit_sha", .text, mayBeNull: true),
                Column("branch", .text, mayBeNull: true), Column("hardware", .text), Column("is_complete", .flag),
            ]
        case .nodes:
            [
                Column("run", .text), Column("node", .integer), Column("hardware", .text, mayBeNull: true),
                Column("lost", .integer), Column("batches", .integer), Column("busy_seconds", .number),
                Column("machine", .integer, mayBeNull: true),
            ]
        case .tests:
            [
                Column("test", .text), Column("suite", .text), Column("selector", .text), Column("container", .text),
            ]
        case .attempts:
            [
                Column("run", .text), Column("test", .text), Column("attempt", .integer), Column("outcome", .text),
                Column("seconds", .number), Column("hardware", .text), Column("result", .text),
                Column("is_flaky", .flag),
            ]
        case .hardware:
            [
                Column("hardware", .text), Column("runs", .integer), Column("first_seen", .time, mayBeNull: true),
                Column("last_seen", .time, mayBeNull: true),
            ]
        case .machines:
            [
                Column("machine", .integer), Column("fingerprint", .text), Column("labels", .text),
                Column("hardware", .text), Column("host", .text, mayBeNull: true), Column("last_seen", .time),
                Column("profile", .text),
            ]
        case .artifacts:
            [
                Column("run", .text), Column("test", .text, mayBeNull: true), Column("name", .text),
                Column("media_type", .text, mayBeNull: true), Column("size", .integer),
                Column("sha256", .text, mayBeNull: true), Column("place", .text, mayBeNull: true),
                Column("url", .text, mayBeNull: true),
            ]
        }
    }
}

/// One value of a row.
package enum ExportCell: Sendable, Hashable {
    case null
    case text(String)
    case integer(Int64)
    case number(Double)
}
