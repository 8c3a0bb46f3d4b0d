import CICore

/// What badges of every style have in common: the document's head, links, pictures and text.
struct BadgeFrame {
    let badge: Badge

    /// In whole or quarter pixels.
    struct Size {
        /// In hundredths of a pixel.
        var width: Int
        /// In pixels.
        var height: Int
    }

    /// A text's place; lengths in hundredths of a pixel.
    struct Run {
        /// The middle of the text.
        var center: Int
        var width: Int
    }

    /// Two links are told apart by their text; then the whole has no name of its own.
    private var hasTwoLinks: Bool { badge.links.count > 1 }

    /// The link around the whole badge.
    private var wholeLink: BadgeLink? { hasTwoLinks ? nil : badge.links.first }

    func open(_ size: Size, to writer: inout BadgeWriter) {
        writer.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
        writer.hundredths(size.width)
        writer.raw("\" height=\"")
        writer.number(size.height)
        guard !hasTwoLinks else { return writer.raw("\">") }
        writer.raw("\" role=\"img\" aria-label=\"")
        writeName(to: &writer)
        writer.raw("\"><title>")
        writeName(to: &writer)
        writer.raw("</title>")
        if let link = wholeLink { open(link, to: &writer) }
    }

    func close(to writer: inout BadgeWriter) {
        if wholeLink != nil { writer.raw("</a>") }
        writer.raw("</svg>\n")
    }

    private func open(_ link: BadgeLink, to writer: inout BadgeWriter) {
        writer.raw("<a target=\"_blank\" href=\"")
        writer.escaped(link.utf8)
        writer.raw("\">")
    }

    private func writeName(to writer: inout BadgeWriter) {
        if !badge.label.isEmpty {
            writer.text(badge.label)
            writer.raw(": ")
        }
        writer.text(badge.message)
    }

    /// A suffix may hold letters, digits, `-` and `_`; anything else is left out.
    func id(_ name: StaticString, to writer: inout BadgeWriter) {
        writer.raw(name)
        for byte in badge.idSuffix.utf8 {
            let letter = byte | 0x20
            guard (0x61...0x7A).contains(letter) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x5F else {
                continue
            }
            writer.byte(byte)
        }
    }

    /// A filled rectangle over the whole height; lengths in hundredths of a pixel.
    func part(from start: Int, width: Int, height: Int, fill: BadgeColor, to writer: inout BadgeWriter) {
        rectangle(from: start, width: width, height: height, to: &writer)
        writer.color(fill)
        writer.raw("\"/>")
    }

    /// Up to where the filling is named.
    private func rectangle(from start: Int, width: Int, height: Int, to writer: inout BadgeWriter) {
        writer.raw("<rect x=\"")
        writer.hundredths(start)
        writer.raw("\" width=\"")
        writer.hundredths(width)
        writer.raw("\" height=\"")
        writer.number(height)
        writer.raw("\" fill=\"")
    }

    /// Opens the link of one half, over all of which it leads; `false` if the half has none of its own.
    func openLink(
        isMessage: Bool, from start: Int, width: Int, height: Int, to writer: inout BadgeWriter
    ) -> Bool {
        guard hasTwoLinks else { return false }
        open(badge.links[isMessage ? 1 : 0], to: &writer)
        rectangle(from: start, width: width, height: height, to: &writer)
        writer.raw("rgba(0,0,0,0)\"/>")
        return true
    }

    /// The logo, 14 px high, in the middle of the height.
    func logo(at start: Int, height: Int, to writer: inout BadgeWriter) {
        guard let logo = badge.logo else { return }
        writer.raw("<image x=\"")
        writer.number(start)
        writer.raw("\" y=\"")
        writer.hundredths((height - 14) * 50)
        writer.raw("\" width=\"")
        writer.number(logo.width)
        writer.raw("\" height=\"14\" href=\"data:image/svg+xml;base64,")
        writer.plain(logo.base64)
        writer.raw("\"/>")
    }

    /// ` x="225" y="140" transform="scale(.1)" textLength="350">cactus</text>`: text is set ten times as large and scaled
    /// down, so that browsers that round lengths to pixels don't.
    func write(_ text: BadgeText, scaledAt run: Run, y: Int, to writer: inout BadgeWriter) {
        writer.raw(" x=\"")
        writer.hundredths(run.center * 10)
        writer.raw("\" y=\"")
        writer.number(y)
        writer.raw("\" transform=\"scale(.1)\" textLength=\"")
        writer.hundredths(run.width * 10)
        writer.raw("\">")
        writer.text(text)
        writer.raw("</text>")
    }
}

extension BadgeFont {
    /// A text's width as shields.io reckons with it, in hundredths of a pixel: whole pixels, and an odd number of them, so that
    /// the text's middle is the middle of a pixel.
    func oddWidth(of text: BadgeText) -> Int { (width(of: text.utf8) / 100 | 1) * 100 }
}

extension Badge.Paint {
    /// The colour behind the message.
    var right: BadgeColor { isReadable ? message.readable : message }

    /// The colour behind the label.
    func left(or other: BadgeColor) -> BadgeColor {
        let color = label ?? other
        return isReadable ? color.readable : color
    }
}
