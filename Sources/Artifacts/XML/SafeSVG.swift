import CLibXML2

/// An SVG picture with nothing in it but shapes: scripts, styles, events, and whatever would be fetched, are left out.
package struct SafeSVG: Sendable, Hashable {
    package let bytes: [UInt8]
    /// Width through height; 1 where the document does not tell.
    package let aspect: Double

    /// Logos are small; what is larger is no logo.
    package static let limit = 64 << 10

    /// Why a picture cannot be used, as one sentence without a full stop.
    package struct Refusal: Error, CustomStringConvertible, Hashable {
        package let description: String
    }

    /// Rewrites a document from what is known to be harmless.
    ///
    /// - Throws: `Refusal` for what is larger than `limit`, no SVG, or malformed.
    package init(_ document: [UInt8]) throws(Refusal) {
        guard document.count <= Self.limit else {
            throw Refusal(description: "it is larger than \(Self.limit >> 10) KiB")
        }
        let options = Int32(
            XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
                | XML_PARSE_NOBLANKS.rawValue | XML_PARSE_NOCDATA.rawValue)
        let parsed = document.withUnsafeBytes { buffer in
            xmlReadMemory(
                buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count), nil, nil, options)
        }
        guard let parsed else { throw Refusal(description: "it is not well-formed XML") }
        defer { xmlFreeDoc(parsed) }
        guard let root = xmlDocGetRootElement(parsed), Self.name(of: root) == "svg" else {
            throw Refusal(description: "its root element is not <svg>")
        }
        guard parsed.pointee.intSubset?.pointee.entities == nil else {
            throw Refusal(description: "it declares entities")
        }
        var rewriter = Rewriter()
        rewriter.write(root, depth: 0)
        bytes = rewriter.bytes
        aspect = Self.aspect(of: root)
    }

    /// From `viewBox`, else from width and height.
    private static func aspect(of root: xmlNodePtr) -> Double {
        var sizes: [Double] = []
        if let box = value(of: root, "viewBox") {
            sizes = box.split(whereSeparator: { $0 == " " || $0 == "," }).compactMap { Double($0) }.suffix(2)
        } else if let width = value(of: root, "width"), let height = value(of: root, "height") {
            sizes = [width, height].compactMap { Double($0.hasSuffix("px") ? $0.dropLast(2) : $0[...]) }
        }
        guard sizes.count == 2, sizes[0] > 0, sizes[1] > 0 else { return 1 }
        return min(max(sizes[0] / sizes[1], 0.1), 10)
    }

    private static func value(of node: xmlNodePtr, _ name: String) -> String? {
        var attribute = node.pointee.properties
        while let one = attribute {
            if String(cString: one.pointee.name) == name { return text(of: one) }
            attribute = one.pointee.next
        }
        return nil
    }

    /// An attribute's value; references to entities are left out.
    fileprivate static func text(of attribute: xmlAttrPtr) -> String {
        var text = ""
        var child = attribute.pointee.children
        while let one = child {
            if one.pointee.type == XML_TEXT_NODE, let content = one.pointee.content { text += String(cString: content) }
            child = one.pointee.next
        }
        return text
    }

    fileprivate static func name(of node: xmlNodePtr) -> String { String(cString: node.pointee.name) }
}

/// Writes the harmless part of a tree.
private struct Rewriter {
    private(set) var bytes: [UInt8] = []

    private static let elements: Set<String> = [
        "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs", "linearGradient",
        "radialGradient", "stop", "clipPath", "mask", "use", "symbol", "title", "desc", "text", "tspan",
    ]

    private static let attributes: Set<String> = [
        "viewBox", "width", "height", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "dx",
        "dy", "d", "points", "transform", "id", "href", "fill", "fill-rule", "fill-opacity", "stroke", "stroke-width",
        "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset",
        "stroke-opacity", "opacity", "color", "offset", "stop-color", "stop-opacity", "gradientUnits",
        "gradientTransform", "spreadMethod", "clip-path", "clip-rule", "clipPathUnits", "mask", "maskUnits",
        "preserveAspectRatio", "font-family", "font-size", "font-weight", "text-anchor", "style", "shape-rendering",
    ]

    mutating func write(_ node: xmlNodePtr, depth: Int) {
        let name = SafeSVG.name(of: node)
        guard Self.elements.contains(name), depth < 64 else { return }
        append("<\(name)")
        if depth == 0 { append(" xmlns=\"http://www.w3.org/2000/svg\"") }
        var attribute = node.pointee.properties
        while let one = attribute {
            write(one)
            attribute = one.pointee.next
        }
        append(">")
        var child = node.pointee.children
        while let one = child {
            if one.pointee.type == XML_ELEMENT_NODE { write(one, depth: depth + 1) }
            if one.pointee.type == XML_TEXT_NODE, let text = one.pointee.content {
                appendEscaped(String(cString: text))
            }
            child = one.pointee.next
        }
        append("</\(name)>")
    }

    private mutating func write(_ attribute: xmlAttrPtr) {
        let name = String(cString: attribute.pointee.name)
        guard Self.attributes.contains(name) else { return }
        let value = SafeSVG.text(of: attribute)
        guard Self.isHarmless(value, in: name) else { return }
        append(" \(name)=\"")
        appendEscaped(value)
        append("\"")
    }

    /// References lead nowhere but into the document.
    private static func isHarmless(_ value: String, in name: String) -> Bool {
        if name == "href" { return value.hasPrefix("#") }
        let dense = value.lowercased().filter { !$0.isWhitespace }
        guard !dense.contains("\\"), !dense.contains("@"), !dense.contains("/*"), !dense.contains("javascript:"),
            !dense.contains("image("), !dense.contains("expression(")
        else { return false }
        return dense.components(after: "url(").allSatisfy { rest in
            let target = rest.drop { $0 == "\"" || $0 == "'" }
            return target.hasPrefix("#")
        }
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func appendEscaped(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): append("&amp;")
            case UInt8(ascii: "<"): append("&lt;")
            case UInt8(ascii: ">"): append("&gt;")
            case UInt8(ascii: "\""): append("&quot;")
            default: bytes.append(byte)
            }
        }
    }
}

extension String {
    /// What follows each occurrence of a mark.
    fileprivate func components(after mark: String) -> [Substring] {
        var found: [Substring] = []
        var at = startIndex
        while at < endIndex {
            if self[at...].hasPrefix(mark) { found.append(self[at...].dropFirst(mark.count)) }
            at = index(after: at)
        }
        return found
    }
}
