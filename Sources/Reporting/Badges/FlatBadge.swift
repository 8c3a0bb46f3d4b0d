import CICore

/// The styles flat, flat-square and plastic, with the geometry of shields.io's badge-maker.
struct FlatBadge {
    private let badge: Badge
    private let frame: BadgeFrame
    private let look: Look
    private let layout: Layout

    init(_ badge: Badge) {
        self.badge = badge
        frame = BadgeFrame(badge: badge)
        look = Look(badge.style)
        layout = Layout(badge)
    }

    /// What tells the three styles apart.
    private struct Look {
        let height: Int
        /// Of the corners; 0 = none.
        let radius: Int
        let hasShadow: Bool
        let gradient: StaticString?

        init(_ style: BadgeStyle) {
            height = style == .plastic ? 18 : 20
            radius = style == .plastic ? 4 : style == .flat ? 3 : 0
            hasShadow = style != .flatSquare
            gradient =
                switch style {
                case .flat:
                    """
                    <stop offset="0" stop-color="#bbb" stop-opacity=".1"/><stop offset="1" stop-opacity=".1"/>
                    """
                case .plastic:
                    """
                    <stop offset="0" stop-color="#fff" stop-opacity=".7"/>\
                    <stop offset=".1" stop-color="#aaa" stop-opacity=".1"/>\
                    <stop offset=".9" stop-opacity=".3"/><stop offset="1" stop-opacity=".5"/>
                    """
                default: nil
                }
        }
    }

    /// Lengths in hundredths of a pixel.
    private struct Layout {
        private static let padding = 500

        let left: Int
        let right: Int
        let label: BadgeFrame.Run
        let message: BadgeFrame.Run

        init(_ badge: Badge) {
            let font = BadgeFont.verdana11
            let logo = badge.logo.map { $0.width * 100 + (badge.label.isEmpty ? 0 : 300) } ?? 0
            let hasLabel = !badge.label.isEmpty || badge.paint.label != nil
            let labelWidth = badge.label.isEmpty ? 0 : font.oddWidth(of: badge.label)
            let messageWidth = font.oddWidth(of: badge.message)
            left = hasLabel ? labelWidth + 2 * Self.padding + logo : 0
            var margin = left - (badge.message.isEmpty ? 0 : 100)
            var width = messageWidth + 2 * Self.padding
            if !hasLabel {
                margin += logo > 0 ? logo + Self.padding : 100
                if logo > 0 { width += logo + (badge.message.isEmpty ? 0 : Self.padding - 100) }
            }
            right = width
            label = BadgeFrame.Run(
                center: logo + 100 + labelWidth / 2 + Self.padding, width: labelWidth)
            message = BadgeFrame.Run(
                center: margin + messageWidth / 2 + Self.padding, width: messageWidth)
        }

        var width: Int { left + right }
    }

    func write(to writer: inout BadgeWriter) {
        frame.open(.init(width: layout.width, height: look.height), to: &writer)
        writeBackground(to: &writer)
        writer.raw(
            """
            <g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" \
            text-rendering="geometricPrecision" font-size="110">
            """)
        frame.logo(at: 5, height: look.height, to: &writer)
        write(badge.label, at: layout.label, on: leftColor, isMessage: false, to: &writer)
        write(badge.message, at: layout.message, on: badge.paint.right, isMessage: true, to: &writer)
        writer.raw("</g>")
        frame.close(to: &writer)
    }

    /// Without a label and without a logo the left half takes the message's colour.
    private var leftColor: BadgeColor {
        badge.label.isEmpty && badge.paint.label == nil && badge.logo == nil
            ? badge.paint.right : badge.paint.left(or: .grey)
    }

    private func writeBackground(to writer: inout BadgeWriter) {
        guard let gradient = look.gradient else {
            writer.raw("<g shape-rendering=\"crispEdges\">")
            writeHalves(to: &writer)
            return writer.raw("</g>")
        }
        writer.raw("<linearGradient id=\"")
        frame.id("s", to: &writer)
        writer.raw("\" x2=\"0\" y2=\"100%\">")
        writer.raw(gradient)
        writer.raw("</linearGradient><clipPath id=\"")
        frame.id("r", to: &writer)
        writer.raw("\"><rect width=\"")
        writer.hundredths(layout.width)
        writer.raw("\" height=\"")
        writer.number(look.height)
        writer.raw("\" rx=\"")
        writer.number(look.radius)
        writer.raw("\" fill=\"#fff\"/></clipPath><g clip-path=\"url(#")
        frame.id("r", to: &writer)
        writer.raw(")\">")
        writeHalves(to: &writer)
        writer.raw("<rect width=\"")
        writer.hundredths(layout.width)
        writer.raw("\" height=\"")
        writer.number(look.height)
        writer.raw("\" fill=\"url(#")
        frame.id("s", to: &writer)
        writer.raw(")\"/></g>")
    }

    private func writeHalves(to writer: inout BadgeWriter) {
        if layout.left > 0 {
            frame.part(from: 0, width: layout.left, height: look.height, fill: leftColor, to: &writer)
        }
        frame.part(
            from: layout.left, width: layout.right, height: look.height, fill: badge.paint.right, to: &writer)
    }

    private func write(
        _ text: BadgeText, at run: BadgeFrame.Run, on color: BadgeColor, isMessage: Bool, to writer: inout BadgeWriter
    ) {
        guard !text.isEmpty else { return }
        let isLinked = frame.openLink(
            isMessage: isMessage, from: isMessage ? layout.left : 0,
            width: isMessage ? layout.right : layout.left, height: look.height, to: &writer)
        let y = badge.style == .plastic ? 130 : 140
        let colors = color.text
        if look.hasShadow {
            writer.raw("<text aria-hidden=\"true\" fill=\"")
            writer.color(colors.shadow)
            writer.raw("\" fill-opacity=\".3\"")
            frame.write(text, scaledAt: run, y: y + 10, to: &writer)
        }
        writer.raw("<text fill=\"")
        writer.color(colors.fill)
        writer.raw("\"")
        frame.write(text, scaledAt: run, y: y, to: &writer)
        if isLinked { writer.raw("</a>") }
    }
}
