/// The style social: a button with a speech bubble beside it.
struct SocialBadge {
    private let badge: Badge
    private let frame: BadgeFrame
    private let layout: Layout

    init(_ badge: Badge) {
        var badge = badge
        badge.label = badge.label.capitalized
        self.badge = badge
        frame = BadgeFrame(badge: badge)
        layout = Layout(badge)
    }

    /// Lengths in hundredths of a pixel, with the paddings of shields.io's badge-maker.
    private struct Layout {
        private static let labelPadding = 500
        private static let messagePadding = 400
        private static let gutter = 600

        /// The button's width.
        let button: Int
        /// The bubble's left edge, without its notch.
        let bubbleStart: Int
        let bubble: Int
        let width: Int
        let label: BadgeFrame.Run
        let message: BadgeFrame.Run

        init(_ badge: Badge) {
            let font = BadgeFont.helveticaBold11
            let logo = badge.logo.map { $0.width * 100 + (badge.label.isEmpty ? 0 : 300) } ?? 0
            let labelWidth = font.oddWidth(of: badge.label)
            let messageWidth = font.oddWidth(of: badge.message)
            button = labelWidth + logo + 2 * Self.labelPadding
            bubbleStart = button + Self.gutter
            bubble = messageWidth + 2 * Self.messagePadding
            width = button + 100 + (badge.message.isEmpty ? 0 : Self.gutter + bubble)
            label = .init(
                center: logo + labelWidth / 2 + Self.labelPadding, width: labelWidth)
            message = .init(center: bubbleStart + bubble / 2, width: messageWidth)
        }
    }

    func write(to writer: inout BadgeWriter) {
        frame.open(.init(width: layout.width, height: 20), to: &writer)
        writer.raw("<linearGradient id=\"")
        frame.id("a", to: &writer)
        writer.raw(
            """
            " x2="0" y2="100%"><stop offset="0" stop-color="#fcfcfc" stop-opacity="0"/><stop offset="1" stop-opacity=".1"/>\
            </linearGradient><g stroke="#d5d5d5">
            """)
        writeButton(to: &writer)
        if !badge.message.isEmpty { writeBubble(to: &writer) }
        writer.raw(
            """
            </g><g fill="#333" text-anchor="middle" font-family="Helvetica Neue,Helvetica,Arial,sans-serif" \
            text-rendering="geometricPrecision" font-weight="700" font-size="110">
            """)
        frame.logo(at: 5, height: 19, to: &writer)
        write(badge.label, at: layout.label, isMessage: false, to: &writer)
        write(badge.message, at: layout.message, isMessage: true, to: &writer)
        writer.raw("</g>")
        frame.close(to: &writer)
    }

    private func writeButton(to writer: inout BadgeWriter) {
        for fill in [nil, "a"] as [StaticString?] {
            writer.raw("<rect x=\".5\" y=\".5\" width=\"")
            writer.hundredths(layout.button)
            writer.raw("\" height=\"19\" rx=\"2\" fill=\"")
            if let fill {
                writer.raw("url(#")
                frame.id(fill, to: &writer)
                writer.raw(")\"/>")
            } else {
                writer.raw("#fcfcfc\"/>")
            }
        }
    }

    private func writeBubble(to writer: inout BadgeWriter) {
        writer.raw("<rect x=\"")
        writer.hundredths(layout.bubbleStart + 50)
        writer.raw("\" y=\".5\" width=\"")
        writer.hundredths(layout.bubble)
        writer.raw("\" height=\"19\" rx=\"2\" fill=\"#fafafa\"/><rect x=\"")
        writer.hundredths(layout.bubbleStart)
        writer.raw("\" y=\"7.5\" width=\".5\" height=\"5\" stroke=\"#fafafa\"/><path d=\"M")
        writer.hundredths(layout.bubbleStart + 50)
        writer.raw(" 6.5l-3 3v1l3 3\" fill=\"#fafafa\"/>")
    }

    private func write(
        _ text: BadgeText, at run: BadgeFrame.Run, isMessage: Bool, to writer: inout BadgeWriter
    ) {
        guard !text.isEmpty else { return }
        let isLinked = frame.openLink(
            isMessage: isMessage, from: isMessage ? layout.bubbleStart : 0,
            width: isMessage ? layout.bubble : layout.button, height: 20, to: &writer)
        writer.raw("<text aria-hidden=\"true\" fill=\"#fff\"")
        frame.write(text, scaledAt: run, y: 150, to: &writer)
        writer.raw("<text")
        frame.write(text, scaledAt: run, y: 140, to: &writer)
        if isLinked { writer.raw("</a>") }
    }
}
