import CICore

/// The style for-the-badge: higher, in capitals, with spaced letters.
struct LoudBadge {
    private static let height = 28

    private let badge: Badge
    private let frame: BadgeFrame
    private let layout: Layout

    init(_ badge: Badge) {
        var badge = badge
        badge.label = badge.label.uppercased
        badge.message = badge.message.uppercased
        self.badge = badge
        frame = BadgeFrame(badge: badge)
        layout = Layout(badge)
    }

    /// Lengths in hundredths of a pixel, with the margins of shields.io's badge-maker.
    private struct Layout {
        private static let textMargin = 1200
        private static let logoMargin = 900
        private static let gutter = 600
        private static let letterSpacing = 125

        /// 0 = the message stands alone.
        let left: Int
        let right: Int
        let label: BadgeFrame.Run
        let message: BadgeFrame.Run
        /// The logo's left edge.
        let logo = Self.logoMargin

        init(_ badge: Badge) {
            let labelWidth = Self.width(of: badge.label, .verdana10)
            let messageWidth = Self.width(of: badge.message, .verdanaBold10)
            let logoWidth = badge.logo.map { $0.width * 100 } ?? 0
            let hasText = !badge.label.isEmpty || !badge.message.isEmpty
            let beside = badge.logo == nil ? 0 : logoWidth + (hasText ? Self.gutter : Self.gutter - Self.logoMargin)
            let labelStart = badge.logo == nil ? Self.textMargin : Self.logoMargin + beside
            let hasLabelPart = !badge.label.isEmpty || (badge.logo != nil && badge.paint.label != nil)
            guard hasLabelPart else {
                left = 0
                right = 2 * Self.textMargin + beside + messageWidth
                label = .init(center: 0, width: 0)
                message = .init(
                    center: Self.textMargin + beside + messageWidth / 2, width: messageWidth)
                return
            }
            left =
                badge.label.isEmpty ? 2 * Self.logoMargin + logoWidth : labelStart + labelWidth + Self.textMargin
            right = 2 * Self.textMargin + messageWidth
            label = .init(center: labelStart + labelWidth / 2, width: labelWidth)
            message = .init(
                center: left + Self.textMargin + messageWidth / 2, width: messageWidth)
        }

        private static func width(of text: BadgeText, _ font: BadgeFont) -> Int {
            font.width(of: text.utf8) / 100 * 100 + letterSpacing * text.spacedUnits
        }

        var width: Int { left + right }
    }

    func write(to writer: inout BadgeWriter) {
        frame.open(.init(width: layout.width, height: Self.height), to: &writer)
        writer.raw("<g shape-rendering=\"crispEdges\">")
        if layout.left > 0 {
            frame.part(
                from: 0, width: layout.left, height: Self.height, fill: badge.paint.left(or: .grey), to: &writer)
        }
        frame.part(
            from: layout.left, width: layout.right, height: Self.height, fill: badge.paint.right, to: &writer)
        writer.raw(
            """
            </g><g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" \
            text-rendering="geometricPrecision" font-size="100">
            """)
        frame.logo(at: layout.logo / 100, height: Self.height, to: &writer)
        write(badge.label, at: layout.label, on: badge.paint.left(or: .grey), isMessage: false, to: &writer)
        write(badge.message, at: layout.message, on: badge.paint.right, isMessage: true, to: &writer)
        writer.raw("</g>")
        frame.close(to: &writer)
    }

    private func write(
        _ text: BadgeText, at run: BadgeFrame.Run, on color: BadgeColor, isMessage: Bool, to writer: inout BadgeWriter
    ) {
        guard !text.isEmpty else { return }
        let isLinked = frame.openLink(
            isMessage: isMessage, from: isMessage ? layout.left : 0,
            width: isMessage ? layout.right : layout.left, height: Self.height, to: &writer)
        writer.raw("<text fill=\"")
        writer.color(color.text.fill)
        writer.raw("\"")
        if isMessage { writer.raw(" font-weight=\"bold\"") }
        frame.write(text, scaledAt: run, y: 175, to: &writer)
        if isLinked { writer.raw("</a>") }
    }
}
