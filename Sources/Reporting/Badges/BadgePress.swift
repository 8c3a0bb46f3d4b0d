package import CICore

/// Draws the endpoint documents of JSON lines, one after the other into the same memory.
package struct BadgePress: Sendable {
    /// What a line that is a badge came to.
    package struct Print: Sendable, Hashable {
        /// What the line calls its file; `nil` where it does not.
        package var file: String?
    }

    /// What is laid over every line.
    package struct Overlay: Sendable {
        package var look: BadgeLook
        package var label: String?
        package var message: String?
        /// In place of the lines' own.
        package var logo: BadgeLogo?

        package init(
            look: BadgeLook = BadgeLook(), label: String? = nil, message: String? = nil, logo: BadgeLogo? = nil
        ) {
            self.look = look
            self.label = label
            self.message = message
            self.logo = logo
        }
    }

    /// Makes a logo of a line's own SVG and width.
    package typealias Picture = @Sendable (_ svg: String, _ width: Int?) throws(BadgeEndpointError) -> BadgeLogo

    private let overlay: Overlay
    private let picture: Picture
    private let paint: Badge.Paint
    private let label: BadgeText?
    private let message: BadgeText?
    /// The names of colours that were met, with what they mean: a handful in a million lines.
    private var colors: [(name: [UInt8], color: BadgeColor)] = []
    private static let colorLimit = 32

    package init(_ overlay: Overlay = Overlay(), picture: @escaping Picture) {
        self.overlay = overlay
        self.picture = picture
        paint = Badge.Paint(
            message: overlay.look.color.flatMap(BadgeColor.init) ?? .lightGrey,
            label: overlay.look.labelColor.flatMap(BadgeColor.init), isReadable: overlay.look.isReadable)
        label = overlay.label.map(BadgeText.init)
        message = overlay.message.map(BadgeText.init)
    }

    /// Appends the SVG of a line to the writer.
    ///
    /// - Throws: `BadgeEndpointError` for a line that is no endpoint document; nothing is written then.
    package mutating func draw(
        _ line: UnsafeBufferPointer<UInt8>, to writer: inout BadgeWriter
    ) throws(BadgeEndpointError) -> Print {
        if let plain = BadgeLine(line), let badge = badge(of: plain, in: line) {
            badge.write(to: &writer)
            return Print(file: plain.file.map { String(decoding: $0.bytes(in: line), as: UTF8.self) })
        }
        return try drawSlowly(line, to: &writer)
    }

    /// `nil` for a word that is none, of which the slow way tells what is wrong.
    private mutating func badge(of plain: BadgeLine, in line: UnsafeBufferPointer<UInt8>) -> Badge? {
        guard let label = label ?? BadgeText(plain: plain.label.bytes(in: line)),
            let message = message ?? BadgeText(plain: plain.message.bytes(in: line))
        else { return nil }
        var paint = paint
        if let slice = plain.color {
            guard let color = color(slice.bytes(in: line)) else { return nil }
            if overlay.look.color == nil { paint.message = color }
        }
        if let slice = plain.labelColor {
            guard let color = color(slice.bytes(in: line)) else { return nil }
            if overlay.look.labelColor == nil { paint.label = color }
        }
        var style = overlay.look.style ?? .flat
        if let slice = plain.style {
            guard let known = Self.style(slice.bytes(in: line)) else { return nil }
            style = overlay.look.style ?? known
        }
        return badge(label, message, style, paint, overlay.logo)
    }

    private func badge(
        _ label: BadgeText, _ message: BadgeText, _ style: BadgeStyle, _ paint: Badge.Paint, _ logo: BadgeLogo?
    ) -> Badge {
        var badge = Badge(label: label, message: message, style: style, paint: paint, logo: logo)
        badge.links = overlay.look.links
        badge.idSuffix = overlay.look.idSuffix
        return badge
    }

    private mutating func color(_ name: UnsafeBufferPointer<UInt8>) -> BadgeColor? {
        if let known = colors.first(where: { name.holds($0.name) }) { return known.color }
        guard let color = BadgeColor(String(decoding: name, as: UTF8.self)) else { return nil }
        if colors.count < Self.colorLimit { colors.append((Array(name), color)) }
        return color
    }

    private static func style(_ name: UnsafeBufferPointer<UInt8>) -> BadgeStyle? {
        if name.holds("flat") { return .flat }
        return BadgeStyle(rawValue: String(decoding: name, as: UTF8.self))
    }

    private func drawSlowly(
        _ line: UnsafeBufferPointer<UInt8>, to writer: inout BadgeWriter
    ) throws(BadgeEndpointError) -> Print {
        let (endpoint, file) = try BadgeEndpoint.named(line)
        var paint = paint
        if overlay.look.color == nil, let name = endpoint.shownColor { paint.message = BadgeColor(name) ?? .lightGrey }
        if overlay.look.labelColor == nil { paint.label = endpoint.labelColor.flatMap(BadgeColor.init) }
        var logo = overlay.logo
        if logo == nil, let svg = endpoint.logo {
            logo = try picture(svg, overlay.look.logo.width ?? endpoint.logoWidth)
        }
        badge(
            label ?? BadgeText(endpoint.label), message ?? BadgeText(endpoint.message),
            overlay.look.style ?? endpoint.style ?? .flat, paint, logo
        ).write(to: &writer)
        return Print(file: file)
    }
}

extension BadgeEndpoint {
    /// An error is red and nothing else, as at shields.io.
    package var shownColor: String? { isError ? "red" : color }

    /// A document that may have a `file` beside what shields.io knows.
    fileprivate static func named(
        _ line: UnsafeBufferPointer<UInt8>
    ) throws(BadgeEndpointError) -> (endpoint: BadgeEndpoint, file: String?) {
        guard case .object(var members) = JSONValue(line) else {
            throw BadgeEndpointError(description: "it is not a JSON object")
        }
        guard let file = members.removeValue(forKey: "file") else { return (try BadgeEndpoint(members), nil) }
        guard let name = file.string else { throw BadgeEndpointError(description: "file must be text") }
        return (try BadgeEndpoint(members), name)
    }
}
