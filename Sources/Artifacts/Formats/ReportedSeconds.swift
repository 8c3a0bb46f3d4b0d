/// Times as reports write them; all in nanoseconds, and never negative.
enum ReportedSeconds {
    /// From here on a whole number of seconds (11 days) is taken for nanoseconds, as container-structure-test writes.
    private static let absurd = 1_000_000.0

    /// A JUnit `time`: `1.5`, `1,234.5`, `2,502` (thousands), `0,123` (a comma for the decimals), `1.5s`, `12ms`, `1e-3`;
    /// 0 for anything that is no number.
    static func nanoseconds(_ value: UnsafeBufferPointer<UInt8>) -> Int64 {
        if let simple = plain(value) { return simple }
        var digits = value.trimmed
        var scale = 1.0
        if digits.count > 2, digits.part((digits.count - 2)..<digits.count).equals("ms") {
            scale = 1e-3
            digits = digits.part(0..<(digits.count - 2))
        } else if digits.count > 1, digits.last == UInt8(ascii: "s") {
            digits = digits.part(0..<(digits.count - 1))
        }
        guard digits.count < 64, let number = Double(normalized(digits.trimmed)) else { return 0 }
        let isWhole = !digits.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }
        return nanoseconds(of: number * scale, isWhole: isWhole)
    }

    /// A span of `hours:minutes:seconds.fraction`, with days and a point before it, as .NET writes.
    static func nanoseconds(span value: UnsafeBufferPointer<UInt8>) -> Int64 {
        let parts = value.trimmed.text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let minutes = Double(parts[1]), let seconds = Double(parts[2]) else {
            return nanoseconds(value)
        }
        let hours = parts[0].split(separator: ".").reduce(0.0) { $0 * 24 + (Double($1) ?? 0) }
        return nanoseconds(of: hours * 3600 + minutes * 60 + seconds, isWhole: false)
    }

    /// Clamped to what a test can take.
    static func nanoseconds(of seconds: Double, isWhole: Bool) -> Int64 {
        guard seconds.isFinite, seconds > 0 else { return 0 }
        guard seconds >= absurd else { return Int64((seconds * 1e9).rounded()) }
        return isWhole && seconds < 1e15 ? Int64(seconds) : 0
    }

    /// The usual case, without a detour over text: digits, at most one point, less than 11 days.
    private static func plain(_ value: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard !value.isEmpty, value.count <= 16 else { return nil }
        var number: Int64 = 0
        var decimals = -1
        for byte in value {
            if byte == UInt8(ascii: "."), decimals < 0 {
                decimals = 0
                continue
            }
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            if decimals >= 9 { continue }
            number = number * 10 + Int64(byte &- 0x30)
            if decimals >= 0 { decimals += 1 }
        }
        var missing = 9 - max(0, decimals)
        if decimals < 0, number >= Int64(absurd) { return nil }
        guard number < 1_000_000_000_000_000 || missing == 0 else { return nil }
        while missing > 0 {
            number *= 10
            missing -= 1
        }
        return number < Int64(absurd) * 1_000_000_000 ? number : nil
    }

    /// Commas sorted out: the last of two kinds of separators is the decimal one.
    private static func normalized(_ value: UnsafeBufferPointer<UInt8>) -> String {
        let text = value.text
        let commas = text.utf8.count { $0 == UInt8(ascii: ",") }
        guard commas > 0 else { return text }
        let point = text.lastIndex(of: ".")
        let comma = text.lastIndex(of: ",")
        if let point, let comma, point < comma {
            return text.filter { $0 != "." }.map { $0 == "," ? "." : String($0) }.joined()
        }
        if point != nil || commas > 1 || isThousands(text) { return text.filter { $0 != "," } }
        return text.map { $0 == "," ? "." : String($0) }.joined()
    }

    /// `2,502`, but not `0,123`: three digits after the comma, one to three without a leading zero before it.
    private static func isThousands(_ text: String) -> Bool {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.count == 3 else { return false }
        return (1...3).contains(parts[0].utf8.count) && parts[0].first != "0"
    }
}
