package import CICore
package import SystemPackage

/// Reads one report file of any format, in constant memory: tests are handed over as they come.
package struct ReportReader: Sendable {
    private let format: ReportFormat?
    private let limits: ReportLimits
    private let temporaryDirectory: FilePath

    /// - Parameters:
    ///   - format: taken for granted; `nil` looks at the content.
    ///   - limits: what is kept of texts.
    ///   - temporaryDirectory: for counting more tests than fit into memory.
    package init(
        format: ReportFormat? = nil, limits: ReportLimits = ReportLimits(), temporaryDirectory: FilePath = "/tmp"
    ) {
        self.format = format
        self.limits = limits
        self.temporaryDirectory = temporaryDirectory
    }

    /// Reads all tests of a file, in its order.
    ///
    /// - Throws: `ReportError` if the file gave no results at all; what is merely wrong in it is a warning.
    /// - Returns: what there is to say besides the tests.
    @discardableResult
    package func read(
        _ path: FilePath, each: (ReportedTest) -> Void
    ) throws(ReportError) -> ReportOutline {
        try withoutEscape(each) { each throws(ReportError) in try run(path, each: each).outline }
    }

    /// Counts the tests of a file without making anything of them; memory doesn't grow with their number.
    ///
    /// - Throws: `ReportError` if the file gave no results at all.
    /// - Returns: what there is to say, and the counts, those merely declared included.
    package func count(_ path: FilePath) throws(ReportError) -> (outline: ReportOutline, totals: Totals) {
        let sink = try run(path, each: nil)
        var totals = sink.tally.totals()
        totals.add(sink.outline.declared)
        return (sink.outline, totals)
    }

    private func withoutEscape<Value>(
        _ each: (ReportedTest) -> Void, _ body: (@escaping (ReportedTest) -> Void) throws(ReportError) -> Value
    ) throws(ReportError) -> Value {
        let result: Result<Value, ReportError> = withoutActuallyEscaping(each) { each in
            do throws(ReportError) { return .success(try body(each)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private func run(_ path: FilePath, each: ((ReportedTest) -> Void)?) throws(ReportError) -> ReportSink {
        let reading = Reading(format: format, limits: limits, directory: temporaryDirectory.string, each: each)
        try FileChunks(path).forEach { chunk throws(ReportError) in try reading.feed(chunk) }
        return try reading.finish()
    }
}

/// One file on its way: decoding, then detection on the first bytes, then the parser of the format found.
private final class Reading {
    private static let headSize = 64 << 10
    private let asked: ReportFormat?
    private let makeSink: (ReportFormat) -> ReportSink
    private var decoder = TextDecoder()
    private var head: [UInt8] = []
    private var stage: Stage?

    private struct Stage {
        let sink: ReportSink
        let parser: any ReportParser
    }

    init(format: ReportFormat?, limits: ReportLimits, directory: String, each: ((ReportedTest) -> Void)?) {
        asked = format
        makeSink = { ReportSink(format: $0, limits: limits, temporaryDirectory: directory, each: each) }
    }

    func feed(_ chunk: UnsafeMutableBufferPointer<UInt8>) throws(ReportError) {
        decoder.decode(chunk) { bytes in
            if let stage { stage.parser.feed(bytes) } else { head.append(contentsOf: bytes) }
        }
        if stage == nil, head.count >= Self.headSize { try begin() }
    }

    func finish() throws(ReportError) -> ReportSink {
        decoder.finish { bytes in
            if let stage { stage.parser.feed(bytes) } else { head.append(contentsOf: bytes) }
        }
        if stage == nil { try begin() }
        guard let stage else { throw ReportError(code: .empty, description: "is empty") }
        try stage.parser.finish()
        if decoder.sawIllegalBytes { stage.sink.warn("bytes that are not UTF-8 were read as Windows-1252") }
        return stage.sink
    }

    private func begin() throws(ReportError) {
        let start = ReportHead(bytes: head)
        guard !head.allSatisfy(ReportHead.isSpace) else {
            throw ReportError(code: .empty, description: "is empty")
        }
        guard let format = asked ?? ReportFormat.detect(start) else {
            throw ReportError(code: .notAReport, description: "is no test report of a known format")
        }
        let sink = makeSink(format)
        let stage = Stage(sink: sink, parser: Self.parser(of: format, isForced: asked != nil, sink))
        self.stage = stage
        head.withUnsafeBufferPointer { stage.parser.feed($0) }
        head = []
    }

    private static func parser(of format: ReportFormat, isForced: Bool, _ sink: ReportSink) -> any ReportParser {
        switch format.kind {
        case .lines(let grammar):
            return LineReport(sink: sink, dialect: grammar.dialect(sink))
        case .xml(let grammar):
            var grammars = [(format: format, grammar: grammar)]
            for other in ReportFormat.all where !isForced && other != format {
                if case .xml(let grammar) = other.kind, !grammar.repairsNames {
                    grammars.append((format: other, grammar: grammar))
                }
            }
            let report = XMLReport(sink: sink, grammars: grammars)
            return grammar.repairsNames ? SwiftNameRepair(report) : report
        }
    }
}
