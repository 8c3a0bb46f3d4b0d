import CICore

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
        var writer = MarkupWriter()
        switch style {
        case .flat, .flatSquare, .plastic: FlatBadge(self).write(to: &writer)
        case .forTheBadge: LoudBadge(self).write(to: &writer)
        case .social: SocialBadge(self).write(to: &writer)
        }
        return writer.bytes
    }
}

/// One line of text that is fit for a badge: no control characters, no more than 255 characters.
package struct BadgeText: Sendable, Hashable {
    let utf8: [UInt8]

    package init(_ text: String) { utf8 = Array(SafeText.line(text, limit: 255).utf8) }

    package var isEmpty: Bool { utf8.isEmpty }

    var uppercased: BadgeText { BadgeText(String(decoding: utf8, as: UTF8.self).uppercased()) }

    /// With a first letter that is a capital.
    var capitalized: BadgeText {
        let text = String(decoding: utf8, as: UTF8.self)
        return BadgeText(text.prefix(1).uppercased() + text.dropFirst())
    }

    /// How many UTF-16 units, which is what letter spacing is reckoned with.
    var spacedUnits: Int { String(decoding: utf8, as: UTF8.self).utf16.count }
}

/// An address that a badge may lead to.
package struct BadgeLink: Sendable, Hashable {
    let utf8: [UInt8]

    /// `nil` unless it is an `http:` or `https:` address without control characters or blanks.
    package init?(_ address: String) {
        let lower = address.lowercased()
        guard lower.hasPrefix("https://") || lower.hasPrefix("http://") else { return nil }
        guard address.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), address.utf8.count <= 2048 else { return nil }
        utf8 = Array(address.utf8)
    }
}

/// A picture on a badge: an SVG that has been made safe.
package struct BadgeLogo: Sendable, Hashable {
    let base64: String
    /// In pixels.
    let width: Int

    /// A logo of a picture that is safe, as wide as its place in pixels.
    package init(svg: [UInt8], width: Int = 14) {
        base64 = Data(svg).base64EncodedString()
        self.width = width
    }
}
