package import CICore

import struct FoundationEssentials.Data

/// A badge: two words with a colour.
package struct Badge: Sendable, Hashable {
    /// What is spoken of, such as `tests`; may be empty.
    package var label: BadgeText
    /// What is said of it.
    package var message: BadgeText
    package var style: BadgeStyle
    package var paint: Paint
    package var logo: BadgeLogo?
    /// Where a click leads: one address for the whole badge, or one for each half.
    package var links: [BadgeLink]
    /// Ends the ids of gradients, for pages that hold several badges inline.
    package var idSuffix: String

    package init(
        label: BadgeText, message: BadgeText, style: BadgeStyle = .flat, paint: Paint = Paint(), logo: BadgeLogo? = nil
    ) {
        self.label = label
        self.message = message
        self.style = style
        self.paint = paint
        self.logo = logo
        links = []
        idSuffix = ""
    }

    /// A badge's colours.
    package struct Paint: Sendable, Hashable {
        /// Behind the message.
        package var message: BadgeColor
        /// Behind the label; `nil` = grey, or none where there is no label.
        package var label: BadgeColor?
        /// Whether colours give way until text on them has a contrast of 4.5:1 (WCAG 2.2, success criterion 1.4.3).
        package var isReadable: Bool

        package init(message: BadgeColor = .lightGrey, label: BadgeColor? = nil, isReadable: Bool = false) {
            self.message = message
            self.label = label
            self.isReadable = isReadable
        }
    }

    /// The SVG document.
    package func svg() -> [UInt8] {
        var writer = BadgeWriter()
        write(to: &writer)
        return writer.withBytes { Array($0) }
    }

    /// Writes the SVG document; it ends with its only line feed.
    func write(to writer: inout BadgeWriter) {
        switch style {
        case .flat, .flatSquare, .plastic: FlatBadge(self).write(to: &writer)
        case .forTheBadge: LoudBadge(self).write(to: &writer)
        case .social: SocialBadge(self).write(to: &writer)
        }
    }
}

/// One line of text that is fit for a badge: no control characters, no more than 255 characters.
package struct BadgeText: Sendable, Hashable {
    let utf8: [UInt8]
    /// Whether any of it means something to XML.
    let needsEscapes: Bool

    package init(_ text: String) { self.init(bytes: Array(SafeText.line(text, limit: Self.limit).utf8)) }

    /// The same of printable ASCII that reaches no further than a badge does and holds nothing to break up; `nil` for
    /// anything else.
    init?(plain bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count <= Self.limit else { return nil }
        var before: UInt8 = 0
        var needsEscapes = false
        for byte in bytes {
            guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "["), byte != UInt8(ascii: ":") || before != byte
            else { return nil }
            before = byte
            needsEscapes = needsEscapes || Self.isEscaped(byte)
        }
        utf8 = Array(bytes)
        self.needsEscapes = needsEscapes
    }

    private init(bytes: [UInt8]) {
        utf8 = bytes
        needsEscapes = bytes.contains(where: Self.isEscaped)
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "&") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
            || byte == UInt8(ascii: "\"")
            || byte == UInt8(ascii: "'")
    }

    private static let limit = 255

    package var isEmpty: Bool { utf8.isEmpty }

    private var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }

    var uppercased: BadgeText {
        guard isASCII else { return BadgeText(String(decoding: utf8, as: UTF8.self).uppercased()) }
        return BadgeText(bytes: utf8.map(Self.uppercased))
    }

    /// With a first letter that is a capital.
    var capitalized: BadgeText {
        guard isASCII else {
            let text = String(decoding: utf8, as: UTF8.self)
            return BadgeText(text.prefix(1).uppercased() + text.dropFirst())
        }
        var bytes = utf8
        if let first = bytes.first { bytes[0] = Self.uppercased(first) }
        return BadgeText(bytes: bytes)
    }

    private static func uppercased(_ byte: UInt8) -> UInt8 { (0x61...0x7A).contains(byte) ? byte & 0xDF : byte }

    /// How many UTF-16 units, which is what letter spacing is reckoned with.
    var spacedUnits: Int { isASCII ? utf8.count : String(decoding: utf8, as: UTF8.self).utf16.count }
}

/// A picture on a badge: an SVG that has been made safe.
package struct BadgeLogo: Sendable, Hashable {
    let base64: [UInt8]
    /// In pixels.
    let width: Int

    /// A logo of a picture that is safe, as wide as its place in pixels.
    package init(svg: [UInt8], width: Int = 14) {
        base64 = Array(Data(svg).base64EncodedData())
        self.width = width
    }
}
