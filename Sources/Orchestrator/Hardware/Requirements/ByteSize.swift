/// Amounts of memory as people write them: GB is 1,000,000,000 bytes, GiB is 1,073,741,824.
package enum ByteSize {
    /// Decimal ones first, the larger first.
    private static let units: [(name: String, bytes: Int)] = [
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000), ("TiB", 1 << 40),
        ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1),
    ]

    /// Reads `16GB`, `1.5 GiB` or `512MiB`, in any case of letters; `nil` without a unit, and beyond what a number holds.
    package static func parse(_ text: some StringProtocol) -> Int? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let word = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
        guard let unit = units.first(where: { $0.name.lowercased() == word }), let number = Double(digits) else {
            return nil
        }
        return Int(exactly: (number * Double(unit.bytes)).rounded())
    }

    /// Exactly, in the unit with the fewest digits, so that reading gives the same amount.
    package static func exact(_ bytes: Int) -> String {
        let fitting = units.filter { bytes.isMultiple(of: $0.bytes) && bytes >= $0.bytes }
        guard let unit = fitting.min(by: { digits(bytes, $0.bytes) < digits(bytes, $1.bytes) }) else {
            return "\(bytes)B"
        }
        return "\(bytes / unit.bytes)\(unit.name)"
    }

    /// For people, in decimal units: `141.2 GB`.
    package static func short(_ bytes: Int) -> String {
        guard let unit = units.prefix(4).first(where: { bytes.magnitude >= $0.bytes.magnitude }) else {
            return "\(bytes) B"
        }
        let tenths = (Double(bytes) / Double(unit.bytes) * 10).rounded() / 10
        let text = tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)"
        return "\(text) \(unit.name)"
    }

    private static func digits(_ bytes: Int, _ unit: Int) -> Int { String(bytes / unit).count }
}
