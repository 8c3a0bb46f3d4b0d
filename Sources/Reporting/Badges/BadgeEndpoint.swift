package import CICore

/// A badge as JSON: the document that shields.io's endpoint badge reads (`schemaVersion` 1), with nothing in it that shields.io
/// would refuse.
package struct BadgeEndpoint: Sendable, Hashable {
    package var label: String
    package var message: String
    /// As it was given: a name or hexadecimal digits.
    package var color: String?
    package var labelColor: String?
    package var isError: Bool
    package var style: BadgeStyle?
    /// An SVG document.
    package var logo: String?
    package var logoWidth: Int?
    /// How long it may be cached; shields.io's own floor is 300.
    package var cacheSeconds: Int?

    package init(
        label: String, message: String, color: String? = nil, labelColor: String? = nil, isError: Bool = false,
        style: BadgeStyle? = nil
    ) {
        self.label = label
        self.message = message
        self.color = color
        self.labelColor = labelColor
        self.isError = isError
        self.style = style
    }

    /// The document.
    package func json() -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.object { writer in
            writer.member("schemaVersion", 1)
            writer.member("label", label)
            writer.member("message", message)
            if let color { writer.member("color", color) }
            if let labelColor { writer.member("labelColor", labelColor) }
            if isError { writer.member("isError", true) }
            if let style { writer.member("style", style.rawValue) }
            if let logo { writer.member("logoSvg", logo) }
            if let logoWidth { writer.member("logoWidth", logoWidth) }
            if let cacheSeconds { writer.member("cacheSeconds", cacheSeconds) }
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }
}

/// Why a document is no endpoint badge, as one sentence without a full stop.
package struct BadgeEndpointError: Error, CustomStringConvertible, Hashable {
    package let description: String

    package init(description: String) { self.description = description }
}

extension BadgeEndpoint {
    private static let keys: Set<String> = [
        "schemaVersion", "label", "message", "color", "labelColor", "isError", "namedLogo", "logoSvg", "logoColor",
        "logoWidth", "style", "cacheSeconds",
    ]

    /// Reads a document as strictly as shields.io does.
    ///
    /// - Throws: `BadgeEndpointError` for what shields.io would refuse, and for `namedLogo`, whose pictures are not here.
    package init(reading bytes: [UInt8]) throws(BadgeEndpointError) {
        guard case .object(let members) = bytes.withUnsafeBufferPointer({ JSONValue($0) }) else {
            throw BadgeEndpointError(description: "it is not a JSON object")
        }
        try self.init(members)
    }

    /// Of an object's members.
    init(_ members: [String: JSONValue]) throws(BadgeEndpointError) {
        if let other = members.keys.filter({ !Self.keys.contains($0) }).min() {
            throw BadgeEndpointError(description: "unknown key \"\(SafeText.line(other, limit: 60))\"")
        }
        let fields = Fields(members: members)
        guard members["schemaVersion"]?.int == 1 else {
            throw BadgeEndpointError(description: "schemaVersion must be 1")
        }
        guard let label = try fields.text("label"), let message = try fields.text("message"), !message.isEmpty else {
            throw BadgeEndpointError(description: "label and a message that is not empty are needed")
        }
        self.init(
            label: label, message: message, color: try fields.color("color"),
            labelColor: try fields.color("labelColor"), isError: try fields.flag("isError") ?? false)
        guard members["namedLogo"] == nil else {
            throw BadgeEndpointError(description: "namedLogo is for shields.io's own pictures; give the SVG as logoSvg")
        }
        if let name = try fields.text("style") {
            guard let known = BadgeStyle(rawValue: name) else {
                throw BadgeEndpointError(description: "style must be one of \(BadgeStyle.names)")
            }
            style = known
        }
        logo = try fields.text("logoSvg")
        logoWidth = try fields.count("logoWidth")
        cacheSeconds = try fields.count("cacheSeconds")
    }

    /// The members, each as what it must be.
    private struct Fields {
        let members: [String: JSONValue]

        func text(_ key: String) throws(BadgeEndpointError) -> String? {
            guard let value = members[key] else { return nil }
            guard let text = value.string else { throw BadgeEndpointError(description: "\(key) must be text") }
            return text
        }

        func color(_ key: String) throws(BadgeEndpointError) -> String? {
            guard let name = try text(key) else { return nil }
            guard BadgeColor(name) != nil else { throw BadgeEndpointError(description: "\(key) is no colour") }
            return name
        }

        func flag(_ key: String) throws(BadgeEndpointError) -> Bool? {
            guard let value = members[key] else { return nil }
            guard let flag = value.bool else { throw BadgeEndpointError(description: "\(key) must be true or false") }
            return flag
        }

        func count(_ key: String) throws(BadgeEndpointError) -> Int? {
            guard let value = members[key] else { return nil }
            guard let number = value.int, (0...1_000_000_000).contains(number) else {
                throw BadgeEndpointError(description: "\(key) must be a whole number of 0 or more")
            }
            return number
        }
    }
}
