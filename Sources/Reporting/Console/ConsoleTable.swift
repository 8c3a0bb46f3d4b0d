import CICore

/// A table as padded columns: names to the left, figures to the right.
struct ConsoleTable {
    private let columns: [ReportPart.Column]
    private let rows: [[String]]
    private let head: [String]?

    init(_ table: ReportPart.Table, rows: [[String]], hasHead: Bool) {
        columns = table.columns
        self.rows = rows.map { $0.map { SafeText.line($0, limit: 240) } }
        head = hasHead ? table.columns.map(\.title) : nil
    }

    /// Indented, without blanks at their ends.
    var lines: [String] {
        let all = (head.map { [$0] } ?? []) + rows
        let widths = columns.indices.map { column in
            max(columns[column].title == "Time" ? 8 : 0, all.map { $0[column].count }.max() ?? 0)
        }
        return all.map { row in
            let cells = columns.indices.map { column in
                guard !columns[column].isFigure else { return Self.padded(row[column], to: widths[column]) }
                let isLast = column == columns.count - 1
                return row[column] + (isLast ? "" : String(repeating: " ", count: widths[column] - row[column].count))
            }
            return "  " + cells.joined(separator: "  ")
        }
    }

    static func padded(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
