import CICore
import TestHistory

/// Rows of tables as the text of one format.
struct TableText {
    let dialect: Dialect

    /// What becomes of cells.
    enum Dialect {
        /// RFC 4180 for spreadsheets: what they would take for a formula is led in by an apostrophe.
        case spreadsheet
        /// CSV for programs, exact: text is quoted, what is unknown is empty.
        case typed
    }

    /// The names of the columns.
    func head(of table: ExportTable) -> [UInt8] {
        Array((ExportScript.columns(of: table).map(\.name).joined(separator: ",") + end).utf8)
    }

    /// Appends a row.
    func append(_ cells: [ExportCell], of table: ExportTable, to bytes: inout [UInt8]) {
        for (index, (cell, column)) in zip(cells, ExportScript.columns(of: table)).enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(cell, column.kind, to: &bytes)
        }
        bytes.append(contentsOf: end.utf8)
    }

    private var end: String { dialect == .spreadsheet ? "\r\n" : "\n" }

    private func append(_ cell: ExportCell, _ kind: ExportTable.Kind, to bytes: inout [UInt8]) {
        switch cell {
        case .null: break
        case .integer(let number) where kind == .flag: bytes.append(contentsOf: (number != 0 ? "true" : "false").utf8)
        case .integer(let number): bytes.append(contentsOf: String(number).utf8)
        case .number(let number): bytes.append(contentsOf: DurationText.decimal(number, places: 6).utf8)
        case .text(let text) where dialect == .spreadsheet: bytes.append(contentsOf: CSVField.quoted(text).utf8)
        case .text(let text) where kind == .time: bytes.append(contentsOf: text.utf8)
        case .text(let text):
            bytes.append(UInt8(ascii: "\""))
            for byte in text.utf8 {
                if byte == UInt8(ascii: "\"") { bytes.append(byte) }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        }
    }
}

extension JSONWriter {
    /// A row as an object.
    mutating func row(_ cells: [ExportCell], of table: ExportTable) {
        object { writer in
            for (cell, column) in zip(cells, ExportScript.columns(of: table)) {
                writer.key(dynamic: column.name)
                switch cell {
                case .null: writer.null()
                case .text(let text): writer.value(text)
                case .integer(let number) where column.kind == .flag: writer.value(number != 0)
                case .integer(let number): writer.value(Int(number))
                case .number(let number): writer.value(number)
                }
            }
        }
    }
}
