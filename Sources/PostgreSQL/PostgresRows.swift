import CPostgres

/// What a statement gave, copied.
package struct PostgresRows: Sendable, Hashable {
    /// Row by row; `nil` is null.
    private let cells: [[UInt8]?]
    private let columns: Int
    package let count: Int
    /// How many rows were inserted, changed or removed.
    package let changed: Int

    init(_ result: UnsafeMutableRawPointer) {
        count = Int(dtci_pq_rows(result))
        columns = Int(dtci_pq_columns(result))
        changed = Int(String(cString: dtci_pq_changed(result))) ?? 0
        var cells: [[UInt8]?] = []
        cells.reserveCapacity(count * columns)
        for row in 0..<count {
            for column in 0..<columns {
                var length: Int32 = 0
                let value = dtci_pq_value(result, Int32(row), Int32(column), &length)
                cells.append(
                    value.map { Array(UnsafeRawBufferPointer(start: $0, count: Int(length))) })
            }
        }
        self.cells = cells
    }

    package var isEmpty: Bool { count == 0 }

    /// The row at an index.
    package subscript(row: Int) -> Row { Row(rows: self, row: row) }

    /// The first row; `nil` if there is none.
    package var first: Row? { isEmpty ? nil : self[0] }

    /// Every row, in order.
    package func map<Value>(_ body: (Row) throws -> Value) rethrows -> [Value] {
        try (0..<count).map { try body(self[$0]) }
    }

    /// One row.
    package struct Row {
        fileprivate let rows: PostgresRows
        fileprivate let row: Int

        private func bytes(_ column: Int) -> [UInt8]? { rows.cells[row * rows.columns + column] }

        /// `nil` for null.
        package func text(_ column: Int) -> String? { bytes(column).map { String(decoding: $0, as: UTF8.self) } }

        /// `nil` for null and for what is no whole number.
        package func integer(_ column: Int) -> Int? { text(column).flatMap { Int($0) } }

        /// `false` for null.
        package func flag(_ column: Int) -> Bool { text(column) == "t" }

        /// A `bytea`, which the server writes as `\x` and digits; `nil` for null.
        package func binary(_ column: Int) -> [UInt8]? {
            guard let digits = bytes(column)?.dropFirst(2), digits.count.isMultiple(of: 2) else { return nil }
            var decoded: [UInt8] = []
            decoded.reserveCapacity(digits.count / 2)
            var high: UInt8?
            for digit in digits {
                let value = digit < UInt8(ascii: "a") ? digit &- UInt8(ascii: "0") : digit &- UInt8(ascii: "a") &+ 10
                if let first = high {
                    decoded.append(first << 4 | value & 15)
                    high = nil
                } else {
                    high = value
                }
            }
            return decoded
        }
    }
}
