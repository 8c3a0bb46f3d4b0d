/// Sizes as people write and read them, in powers of 1000.
package enum SizeText {
    private static let units: [(name: String, bytes: Int64)] = [
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000),
    ]
    private static let binaryUnits: [(name: String, bytes: Int64)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ]

    /// Three significant figures or so: `812 B`, `1.24 MB`, `53.1 GB`.
    package static func short(_ bytes: Int64) -> String {
        guard let unit = units.first(where: { bytes >= $0.bytes }) else { return "\(bytes) B" }
        let hundredths = bytes / (unit.bytes / 100)
        if hundredths >= 10_000 { return "\(hundredths / 100) \(unit.name)" }
        if hundredths >= 1000 { return "\(hundredths / 100).\(hundredths / 10 % 10) \(unit.name)" }
        return "\(hundredths / 100).\(hundredths / 10 % 10)\(hundredths % 10) \(unit.name)"
    }

    /// As `parse` reads it again.
    package static func exact(_ bytes: Int64) -> String {
        let fitting = (binaryUnits + units).filter { bytes > 0 && bytes.isMultiple(of: $0.bytes) }
        guard let unit = fitting.max(by: { $0.bytes < $1.bytes }) else { return "\(bytes)" }
        return "\(bytes / unit.bytes)\(unit.name)"
    }

    /// Reads `5GB`, `1.5 GiB`, `300k` or `1048576`, in any case; `nil` if it is none of these.
    package static func parse(_ text: String) -> Int64? {
        let text = text.filter { $0 != " " && $0 != "_" }.lowercased()
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let number = Double(digits) else { return nil }
        let unit = text.dropFirst(digits.count)
        let names = (binaryUnits + units).map { ($0.name.lowercased(), $0.bytes) }
        let factor =
            unit.isEmpty || unit == "b"
            ? 1 : names.first { $0.0 == unit || $0.0.hasSuffix("b") && $0.0.dropLast() == unit }?.1
        guard let factor else { return nil }
        let bytes = (number * Double(factor)).rounded()
        return bytes < 9e18 ? Int64(bytes) : nil
    }
}
