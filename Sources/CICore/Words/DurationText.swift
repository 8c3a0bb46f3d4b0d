/// Durations as people write them in configuration and read them in output.
package enum DurationText {
    private static let units: [(suffix: String, nanoseconds: Double)] = [
        ("ms", 1e6), ("us", 1e3), ("h", 3600e9), ("m", 60e9), ("s", 1e9), ("d", 86_400e9),
    ]

    /// Reads `90`, `90s`, `1.5m`, `250ms` or `1h30m`; a bare number is seconds. `nil` if it is none of these.
    package static func parse(_ text: String) -> Duration? {
        var rest = text[...].filter { $0 != " " && $0 != "_" }[...]
        guard !rest.isEmpty else { return nil }
        if let seconds = Double(rest) { return duration(nanoseconds: seconds * 1e9) }
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            guard let value = Double(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            guard let unit = units.first(where: { rest.hasPrefix($0.suffix) }) else { return nil }
            rest = rest.dropFirst(unit.suffix.count)
            total += value * unit.nanoseconds
        }
        return duration(nanoseconds: total)
    }

    /// Three significant figures or so: `8 ms`, `1.24 s`, `2 m 05 s`, `1 h 02 m`.
    package static func short(_ duration: Duration) -> String {
        let seconds = duration.seconds
        switch seconds {
        case ..<0: return "-" + short(.zero - duration)
        case ..<0.0995: return "\(decimal(seconds * 1000, places: seconds < 0.01 ? 1 : 0)) ms"
        case ..<9.995: return "\(decimal(seconds, places: 2)) s"
        case ..<59.95: return "\(decimal(seconds, places: 1)) s"
        case ..<3599.5:
            let whole = Int(seconds.rounded())
            return "\(whole / 60) m \(padded(whole % 60)) s"
        default:
            let minutes = Int((seconds / 60).rounded())
            return "\(minutes / 60) h \(padded(minutes % 60)) m"
        }
    }

    /// Everything down to the microsecond, as `parse` reads it: `90ms`, `5s`, `1h30m`.
    package static func exact(_ duration: Duration) -> String {
        var rest = duration.microseconds
        guard rest > 0 else { return "0s" }
        var text = ""
        for (suffix, size) in [("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1000), ("us", 1)] {
            let count = rest / Int64(size)
            if count > 0 { text += "\(count)\(suffix)" }
            rest %= Int64(size)
        }
        return text
    }

    /// A number with a fixed count of decimal places, rounded half up.
    package static func decimal(_ value: Double, places: Int) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((abs(value) * scale).rounded())
        let sign = value < 0 && scaled != 0 ? "-" : ""
        guard places > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % Int(scale))
        return "\(sign)\(scaled / Int(scale)).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// Bounded to 100 years, so that no input overflows.
    private static func duration(nanoseconds: Double) -> Duration? {
        guard nanoseconds.isFinite, nanoseconds >= 0, nanoseconds < 3.2e18 else { return nil }
        return .nanoseconds(Int64(nanoseconds.rounded()))
    }
}

extension Duration {
    /// Seconds with the fraction.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }

    /// Whole microseconds, rounded towards zero: the planner's unit.
    package var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
