/// A colour of three bytes.
package struct BadgeColor: Sendable, Hashable {
    package let red: UInt8
    package let green: UInt8
    package let blue: UInt8

    package static let brightGreen = BadgeColor(0x44CC11)
    package static let green = BadgeColor(0x97CA00)
    package static let yellow = BadgeColor(0xDFB317)
    package static let yellowGreen = BadgeColor(0xA4A61D)
    package static let orange = BadgeColor(0xFE7D37)
    package static let red = BadgeColor(0xE05D44)
    package static let blue = BadgeColor(0x007EC6)
    package static let grey = BadgeColor(0x555555)
    package static let lightGrey = BadgeColor(0x9F9F9F)

    /// Of a number such as `0xE05D44`.
    package init(_ rgb: UInt32) {
        red = UInt8(truncatingIfNeeded: rgb >> 16)
        green = UInt8(truncatingIfNeeded: rgb >> 8)
        blue = UInt8(truncatingIfNeeded: rgb)
    }

    /// A name of shields.io's or CSS's, or three or six hexadecimal digits with or without `#`.
    package init?(_ text: String) {
        let name = text.lowercased()
        if let known = Self.named[name] ?? BadgeColor.css[name].map(BadgeColor.init) {
            self = known
            return
        }
        let digits = name.hasPrefix("#") ? name.dropFirst() : name[...]
        guard digits.utf8.allSatisfy({ Self.isHexDigit($0) }), let number = UInt32(digits, radix: 16) else {
            return nil
        }
        switch digits.utf8.count {
        case 6: self.init(number)
        case 3: self.init((number & 0xF00) * 0x1100 | (number & 0xF0) * 0x110 | (number & 0xF) * 0x11)
        default: return nil
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }

    /// Names of shields.io that CSS lacks or means otherwise.
    private static let named: [String: BadgeColor] = [
        "brightgreen": brightGreen, "green": green, "yellow": yellow, "yellowgreen": yellowGreen, "orange": orange,
        "red": red, "blue": blue, "grey": grey, "gray": grey, "lightgrey": lightGrey, "lightgray": lightGrey,
        "critical": red, "important": orange, "success": brightGreen, "informational": blue, "inactive": lightGrey,
    ]

    /// `#4c1` where three digits say it, else `#97ca00`.
    package var hex: String {
        String(unsafeUninitializedCapacity: 7) { $0.baseAddress.map { writeHex(to: $0) } ?? 0 }
    }

    /// Writes the same as bytes to memory that has room for seven, and returns how many they are.
    package func writeHex(to bytes: UnsafeMutablePointer<UInt8>) -> Int {
        bytes[0] = UInt8(ascii: "#")
        let isShort = red >> 4 == red & 0xF && green >> 4 == green & 0xF && blue >> 4 == blue & 0xF
        if isShort {
            bytes[1] = Self.digit(red & 0xF)
            bytes[2] = Self.digit(green & 0xF)
            bytes[3] = Self.digit(blue & 0xF)
            return 4
        }
        bytes[1] = Self.digit(red >> 4)
        bytes[2] = Self.digit(red & 0xF)
        bytes[3] = Self.digit(green >> 4)
        bytes[4] = Self.digit(green & 0xF)
        bytes[5] = Self.digit(blue >> 4)
        bytes[6] = Self.digit(blue & 0xF)
        return 7
    }

    private static func digit(_ value: UInt8) -> UInt8 { (value < 10 ? 0x30 : 0x57) + value }

    /// Of shields.io's badge-maker: (299 r + 587 g + 114 b) / 255,000.
    private var brightness: Double { Double(299 * Int(red) + 587 * Int(green) + 114 * Int(blue)) / 255_000 }

    /// Whether white is the colour for text on it.
    package var isDark: Bool { brightness <= 0.69 }

    /// What text on this colour is drawn with: its own colour and its shadow's.
    package var text: (fill: BadgeColor, shadow: BadgeColor) {
        isDark ? (BadgeColor(0xFFFFFF), BadgeColor(0x010101)) : (BadgeColor(0x333333), BadgeColor(0xCCCCCC))
    }

    /// The nearest colour of the same hue on which text has a contrast of at least 4.5:1.
    package var readable: BadgeColor {
        let text = text.fill
        guard contrast(with: text) < 4.5 else { return self }
        let goal: UInt8 = isDark ? 0 : 255
        // 256 steps towards black or white: the first that is readable.
        return (1...256).lazy.map { mixed(with: goal, by: $0) }.first { $0.contrast(with: text) >= 4.5 } ?? self
    }

    private func mixed(with goal: UInt8, by step: Int) -> BadgeColor {
        func mix(_ byte: UInt8) -> UInt32 { UInt32((Int(byte) * (256 - step) + Int(goal) * step) / 256) }
        return BadgeColor(mix(red) << 16 | mix(green) << 8 | mix(blue))
    }

    /// WCAG 2.2's contrast ratio, 1 to 21.
    package func contrast(with other: BadgeColor) -> Double {
        let (bright, dark) = (max(luminance, other.luminance), min(luminance, other.luminance))
        return (bright + 0.05) / (dark + 0.05)
    }

    /// WCAG 2.2's relative luminance, 0 to 1.
    private var luminance: Double {
        0.2126 * Self.linear(red) + 0.7152 * Self.linear(green) + 0.0722 * Self.linear(blue)
    }

    private static func linear(_ byte: UInt8) -> Double { linearValues[Int(byte)] }

    /// sRGB's transfer function for each byte.
    private static let linearValues: [Double] = (0...255).map { byte in
        let share = Double(byte) / 255
        return share <= 0.04045 ? share / 12.92 : power((share + 0.055) / 1.055)
    }

    /// x to the power of 2.4 = x² · x^(2/5), the fifth root by Newton's method.
    private static func power(_ base: Double) -> Double {
        var root = base
        for _ in 0..<60 { root = (4 * root + base / (root * root * root * root)) / 5 }
        return base * base * root * root
    }
}
