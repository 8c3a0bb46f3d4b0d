extension ReportFormat {
    /// `x-swift-testing.xml` of `swift test --xunit-output`: JUnit XML in which names are not escaped.
    package static let swiftTestingXML = ReportFormat(
        "swift-testing-xml", title: "Swift Testing XML",
        .xml(
            XMLGrammar(
                roots: [.testsuites, .testsuite],
                recognises: { $0.holds("<testsuite name=\"TestResults\" errors=\"") },
                repairsNames: true,
                dialect: { JUnitDialect(sink: $0) })))
}

/// Escapes the names in the `<testcase>` lines of Swift's result files before they are parsed.
///
/// SwiftPM writes one start tag a line, its attributes in the order `classname`, `name`, `time`, and everything in the
/// two names as it is, `&`, `<` and `"` too. XCTest's file has the same shape and only identifiers in it.
final class SwiftNameRepair: ReportParser {
    private let parser: any ReportParser
    private var splitter = LineSplitter()
    private var repaired: [UInt8] = []

    init(_ parser: any ReportParser) { self.parser = parser }

    func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
        splitter.feed(bytes) { repair($0) }
        flush()
    }

    func finish() throws(ReportError) {
        splitter.finish { repair($0) }
        flush()
        try parser.finish()
    }

    private func flush() {
        repaired.withUnsafeBufferPointer { parser.feed($0) }
        repaired.removeAll(keepingCapacity: true)
    }

    private func repair(_ line: UnsafeBufferPointer<UInt8>) {
        if let parts = Self.parts(of: line) {
            repaired.append(contentsOf: "<testcase classname=\"".utf8)
            appendEscaped(line.part(parts.className))
            repaired.append(contentsOf: "\" name=\"".utf8)
            appendEscaped(line.part(parts.name))
            repaired.append(contentsOf: line[parts.name.upperBound...])
        } else {
            repaired.append(contentsOf: line)
        }
        repaired.append(UInt8(ascii: "\n"))
    }

    private struct Parts {
        var className: Range<Int>
        var name: Range<Int>
    }

    /// The places of the two names; `nil` if the line is none of those.
    private static func parts(of line: UnsafeBufferPointer<UInt8>) -> Parts? {
        guard let start = ByteSearch.first("<testcase classname=\"", in: line, from: 0),
            line[..<start].allSatisfy(ReportHead.isSpace)
        else { return nil }
        let classStart = start + 21
        guard let classEnd = ByteSearch.first("\" name=\"", in: line, from: classStart) else { return nil }
        let nameStart = classEnd + 8
        guard
            let nameEnd = last("\" time=\"", in: line) ?? last("\" >", in: line) ?? last("\" />", in: line)
                ?? last("\">", in: line) ?? last("\"/>", in: line), nameEnd >= nameStart
        else { return nil }
        return Parts(className: classStart..<classEnd, name: nameStart..<nameEnd)
    }

    private static func last(_ text: StaticString, in line: UnsafeBufferPointer<UInt8>) -> Int? {
        var found: Int?
        var start = 0
        while let hit = ByteSearch.first(text, in: line, from: start) {
            found = hit
            start = hit + 1
        }
        return found
    }

    private func appendEscaped(_ name: UnsafeBufferPointer<UInt8>) {
        for byte in name {
            switch byte {
            case UInt8(ascii: "&"): repaired.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): repaired.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): repaired.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "\""): repaired.append(contentsOf: "&quot;".utf8)
            default: repaired.append(byte)
            }
        }
    }
}
