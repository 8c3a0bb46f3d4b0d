/// The first bytes of a report, decoded: what detection looks at.
struct ReportHead: Sendable {
    let bytes: [UInt8]

    /// Whether the first byte that is not white space starts an element.
    var isXML: Bool { bytes.first { !Self.isSpace($0) } == UInt8(ascii: "<") }

    /// Whether an XML declaration or a known root stands behind other text.
    var holdsXML: Bool { ["<?xml", "<testsuite", "<test-run", "<assemblies", "<TestRun"].contains { holds($0) } }

    /// The first lines, at most 200.
    var lines: [ArraySlice<UInt8>] { bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 200) }

    /// Whether this ASCII text occurs.
    func holds(_ text: StaticString) -> Bool {
        bytes.withUnsafeBufferPointer { ByteSearch.first(text, in: $0, from: 0) != nil }
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
}
