/// Bytes of a report, decoded and cleaned, in pieces of any size.
protocol ReportParser: AnyObject {
    /// The next piece.
    func feed(_ bytes: UnsafeBufferPointer<UInt8>)

    /// The end of the file.
    ///
    /// - Throws: `ReportError` if there was no report in it.
    func finish() throws(ReportError)
}

/// The XML documents of one file, one after another, whatever stands between them.
final class XMLReport: ReportParser {
    private let sink: ReportSink
    private let grammars: [(format: ReportFormat, grammar: XMLGrammar)]
    private var prolog: XMLProlog
    private var document: XMLPushParser?
    /// Bytes of a prolog that is not complete, or of the `]` that may end a CDATA section.
    private var held: [UInt8] = []
    private var skipper = CDATASkipper()
    private var count = Count()

    private struct Count {
        var documents = 0
        /// The root elements that were none of a report.
        var refused: [String] = []
        var isGivenUp = false
    }

    /// The root element chooses from `grammars`, the preferred one first.
    init(sink: ReportSink, grammars: [(format: ReportFormat, grammar: XMLGrammar)]) {
        self.sink = sink
        self.grammars = grammars
        prolog = Self.newProlog(grammars, sink.limits)
    }

    func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard !count.isGivenUp else { return }
        guard held.isEmpty else {
            held.append(contentsOf: bytes)
            let joined = held
            held = []
            return joined.withUnsafeBufferPointer { consume($0) }
        }
        consume(bytes)
    }

    func finish() throws(ReportError) {
        if document != nil {
            held.withUnsafeBufferPointer { document?.feed($0) }
            closeDocument()
        }
        guard count.documents == 0 else { return }
        guard let root = count.refused.first else {
            throw ReportError(code: .notAReport, description: "not JUnit XML: it holds no element of a report")
        }
        throw ReportError(code: .notAReport, description: "not JUnit XML: its root element is <\(root)>")
    }

    private func consume(_ bytes: UnsafeBufferPointer<UInt8>) {
        var rest = bytes
        while !rest.isEmpty, !count.isGivenUp {
            rest = document == nil ? seek(rest) : parse(rest)
        }
    }

    /// Between documents: finds the next root and returns what starts with it.
    private func seek(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        switch prolog.scan(bytes) {
        case .more(let start):
            held = Array(bytes[start...])
            return bytes.part(bytes.count..<bytes.count)
        case .root(let start):
            openDocument()
            return bytes.part(start..<bytes.count)
        }
    }

    private func openDocument() {
        if prolog.sawDoctype { sink.warn("its DOCTYPE was skipped: entities are not resolved") }
        document = XMLPushParser(limits: sink.limits, wantsText: sink.keepsTests) { [self] root in
            guard let match = grammars.first(where: { $0.grammar.roots.contains(root) }) else { return nil }
            if count.documents == 0 { sink.found(match.format) }
            count.documents += 1
            return match.grammar.dialect(sink)
        }
        if document == nil { count.isGivenUp = true }
    }

    /// Within a document: feeds it and returns what stands after its end.
    private func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard let document else { return bytes }
        let none = bytes.part(bytes.count..<bytes.count)
        if skipper.isActive {
            guard let end = skipper.skip(bytes, into: document, held: &held) else { return none }
            return bytes.part(end..<bytes.count)
        }
        let whole = bytes.part(0..<(bytes.count - CDATASkipper.unfinished(at: bytes)))
        let misplaced = CDATASkipper.misplacedEnd(in: whole)
        let fed = misplaced.map { whole.part(0..<($0 + 2)) } ?? whole
        document.feed(fed)
        guard case .open = document.state, !document.notes.isHalted else {
            let rest = bytes.part((fed.count - document.notes.remainder)..<bytes.count)
            closeDocument()
            return count.isGivenUp ? none : rest
        }
        if misplaced != nil {
            Array("&gt;".utf8).withUnsafeBufferPointer { document.feed($0) }
            return bytes.part((fed.count + 1)..<bytes.count)
        }
        held = Array(bytes[fed.count...])
        if document.isInCDATA {
            skipper.start(document)
        } else if document.pending > sink.limits.token {
            sink.warn("an element of more than \(sink.limits.token >> 20) MiB: reading stopped there")
            closeDocument()
            count.isGivenUp = true
        }
        return none
    }

    private func closeDocument() {
        guard let document else { return }
        document.finish()
        self.document = nil
        skipper = CDATASkipper()
        prolog = Self.newProlog(grammars, sink.limits)
        switch document.state {
        case .ended:
            if let problem = document.notes.problem { sink.warn("malformed XML, \(problem)") }
        case .tooDeep:
            sink.warn("elements nested deeper than \(sink.limits.depth): reading stopped there")
            count.isGivenUp = true
        case .otherRoot:
            count.refused.append(String((document.notes.root ?? "").prefix(80)))
            count.isGivenUp = true
        case .open:
            sink.warn("truncated: it breaks off before its end" + (document.notes.problem.map { " (\($0))" } ?? ""))
            count.isGivenUp = true
        }
    }

    private static func newProlog(
        _ grammars: [(format: ReportFormat, grammar: XMLGrammar)], _ limits: ReportLimits
    ) -> XMLProlog {
        let roots = grammars.flatMap(\.grammar.roots).map { Array($0.rawValue.utf8) }
        return XMLProlog(limit: min(limits.token, 16 << 20)) { name in roots.contains { $0.elementsEqual(name) } }
    }
}
