import CLibXML2

/// A start tag with its attributes; valid only during the call that hands it over.
struct XMLElement {
    let name: XMLName
    /// 1 for the root.
    let depth: Int
    /// Of each attribute: local name, prefix, namespace, first byte of the value, byte after the value.
    private let attributes: UnsafePointer<UnsafePointer<UInt8>?>?
    private let count: Int
    private let names: XMLNameTable

    init(
        name: XMLName, depth: Int, attributes: UnsafePointer<UnsafePointer<UInt8>?>?, count: Int, names: XMLNameTable
    ) {
        self.name = name
        self.depth = depth
        self.attributes = attributes
        self.count = count
        self.names = names
    }

    /// Every attribute with a name that means something, in the order of the document.
    @inline(__always)
    func forEachAttribute(_ body: (XMLName, UnsafeBufferPointer<UInt8>) -> Void) {
        guard let attributes else { return }
        for index in 0..<count {
            let entry = attributes + index * 5
            guard let local = entry[0], let start = entry[3], let end = entry[4] else { continue }
            let name = names.name(of: local)
            if name != .unknown { body(name, UnsafeBufferPointer(start: start, count: end - start)) }
        }
    }

    /// The value of an attribute; `nil` where there is none.
    func value(_ name: XMLName) -> UnsafeBufferPointer<UInt8>? {
        var found: UnsafeBufferPointer<UInt8>?
        forEachAttribute { key, value in
            if key == name { found = value }
        }
        return found
    }

    /// The value of an attribute as text; `nil` where there is none or it is empty.
    func text(_ name: XMLName, _ limits: ReportLimits) -> String? {
        guard let value = value(name), !value.isEmpty else { return nil }
        return limits.text(value)
    }

    /// A number without sign; `nil` where there is none.
    func number(_ name: XMLName) -> Int? {
        guard let value = value(name) else { return nil }
        return Int(value.trimmed.text)
    }
}

/// Takes the elements of one document in, in order.
protocol XMLDialect: AnyObject {
    func start(_ element: XMLElement)
    func end(_ name: XMLName, depth: Int)

    /// A piece of text or of a CDATA section; called only where whole tests are wanted.
    func text(_ bytes: UnsafeBufferPointer<UInt8>)

    /// The end of the document.
    ///
    /// - Parameter isComplete: `false` if it broke off: what is open then is half.
    func finish(isComplete: Bool)
}
