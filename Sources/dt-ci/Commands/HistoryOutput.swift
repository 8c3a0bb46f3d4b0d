import CICore
import FoundationEssentials
import SystemPackage

/// Rows in columns that are as wide as their widest cell; every cell is made safe to show.
struct HistoryTable {
    /// A column's title and on which side its cells stand.
    struct Column {
        var title: String
        var isNumeric = false
    }

    let columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    /// A row; as many cells as columns.
    mutating func add(_ cells: String...) { rows.append(cells.map { SafeText.line($0, limit: 300) }) }

    /// Each line ends with a line feed; the last column isn't padded.
    var text: String {
        let lines = [columns.map(\.title)] + rows
        let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            let cells = line.enumerated().map { index, cell in
                let padding = String(repeating: " ", count: widths[index] - cell.count)
                if columns[index].isNumeric { return padding + cell }
                return index == columns.count - 1 ? cell : cell + padding
            }
            return cells.joined(separator: "  ") + "\n"
        }.joined()
    }
}

/// Writes to the standard streams, whole and unbuffered.
enum HistoryOutput {
    /// To standard output.
    static func write(_ text: String) throws { try write(Array(text.utf8)) }

    /// To standard output.
    static func write(_ bytes: [UInt8]) throws { _ = try FileDescriptor.standardOutput.writeAll(bytes) }

    /// A line to standard error.
    static func note(_ text: String) throws { _ = try FileDescriptor.standardError.writeAll(Array("\(text)\n".utf8)) }

    /// One document with its schema; `body` adds the members.
    static func writeJSON(_ schema: String, _ body: (inout JSONWriter) -> Void) throws {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("schema", schema)
            body(&writer)
        }
        writer.endLine()
        try write(writer.bytes)
    }

    /// One document with its schema and a list of objects; `body` adds the members of each.
    static func writeJSON<Element>(
        _ schema: String, _ name: StaticString, of elements: some Sequence<Element>,
        _ body: (inout JSONWriter, Element) -> Void
    ) throws {
        try writeJSON(schema) { writer in
            writer.key(name)
            writer.array(elements) { writer, element in
                writer.object { body(&$0, element) }
            }
        }
    }

    /// ISO 8601 in UTC, whole seconds.
    static func time(_ date: Date) -> String { date.formatted(.iso8601) }
}
