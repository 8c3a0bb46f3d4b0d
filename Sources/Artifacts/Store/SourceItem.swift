import SystemPackage

/// One thing that the walk over a source found for an artifact.
struct SourceItem: Sendable {
    /// What it is.
    enum Kind: Sendable {
        /// Its size in bytes, as of the walk.
        case file(size: Int64)
        case symbolicLink(target: String)
        case emptyDirectory
    }

    /// In the artifact.
    var path: String
    /// As it was before names were made safe; `nil` if nothing was changed.
    var original: String?
    /// On this machine.
    var place: FilePath
    var kind: Kind
}

/// What is worth telling of a tree that was put: the first ones in words, the rest as a number.
package struct PutRemarks: Sendable, Hashable {
    /// Sentences.
    package private(set) var lines: [String] = []
    /// Of all, also those beyond `lines`.
    package private(set) var count = 0
    private static let limit = 50

    mutating func add(_ line: String) {
        count += 1
        if lines.count < Self.limit { lines.append(line) }
    }

    mutating func add(_ other: PutRemarks) {
        lines += other.lines.prefix(max(0, Self.limit - lines.count))
        count += other.count
    }

    package var isEmpty: Bool { count == 0 }
}
