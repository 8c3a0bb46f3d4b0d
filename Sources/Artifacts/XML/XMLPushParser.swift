import CLibXML2

/// One document through libxml2's push parser: no tree, no DTD, no entities but the five of XML, no file or network.
///
/// Bytes must be UTF-8 without NULs and start with the root element.
final class XMLPushParser {
    /// What became of the document so far.
    enum State {
        case open
        /// The root element was closed.
        case ended
        case tooDeep
        /// The root element is none that is expected.
        case otherRoot
    }

    private(set) var state = State.open
    private var depth = 0
    private(set) var notes = Notes()
    private var dialect: (any XMLDialect)?
    private let core: Core
    private let open: (XMLName) -> (any XMLDialect)?

    /// What there is to say of the document besides its elements.
    struct Notes {
        /// Bytes at the end of the last chunk that stand after the root element.
        var remainder = 0
        /// The first thing that was wrong, in libxml2's words, with its line.
        var problem: String?
        /// Whether libxml2 gave up before the end.
        var isHalted = false
        /// The root element that was refused.
        var root: String?
    }

    /// Plain memory: nothing in it is counted on the way of an element.
    private struct Core {
        let context: xmlParserCtxtPtr
        let names: XMLNameTable
        let depthLimit: Int
    }

    /// `open` makes the dialect for a root element; with `nil` it refuses it.
    init?(limits: ReportLimits, wantsText: Bool, open: @escaping (XMLName) -> (any XMLDialect)?) {
        var handler = Self.handler(wantsText: wantsText)
        guard let context = xmlCreatePushParserCtxt(&handler, nil, nil, 0, nil) else { return nil }
        guard let names = XMLNameTable(dictionary: context.pointee.dict) else {
            xmlFreeParserCtxt(context)
            return nil
        }
        core = Core(context: context, names: names, depthLimit: limits.depth)
        self.open = open
        xmlCtxtUseOptions(context, Self.options)
        context.pointee.userData = Unmanaged.passUnretained(self).toOpaque()
    }

    deinit {
        core.names.deallocate()
        xmlFreeParserCtxt(core.context)
    }

    private static let options = Int32(
        XML_PARSE_RECOVER.rawValue | XML_PARSE_NOENT.rawValue | XML_PARSE_NONET.rawValue | XML_PARSE_HUGE.rawValue
            | XML_PARSE_IGNORE_ENC.rawValue | XML_PARSE_NOCDATA.rawValue)

    /// Whether the parser stands within a CDATA section, which it would scan again and again.
    var isInCDATA: Bool { core.context.pointee.instate == XML_PARSER_CDATA_SECTION }

    /// Bytes that the parser holds back because a tag is not complete.
    var pending: Int {
        guard let input = core.context.pointee.input, let end = input.pointee.end, let cur = input.pointee.cur else {
            return 0
        }
        return end - cur
    }

    /// Parses a piece.
    func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard case .open = state, !notes.isHalted, !bytes.isEmpty else { return }
        bytes.withMemoryRebound(to: CChar.self) { chunk in
            _ = xmlParseChunk(core.context, chunk.baseAddress, Int32(chunk.count), 0)
        }
        if case .open = state, core.context.pointee.instate == XML_PARSER_EOF { notes.isHalted = true }
        // The parser keeps a last carriage return to itself until more comes.
        if case .ended = state, bytes.last == 0x0D { notes.remainder += 1 }
        notes.remainder = min(notes.remainder, bytes.count)
    }

    /// A piece of a CDATA section that was found without the parser.
    func text(_ bytes: UnsafeBufferPointer<UInt8>) { dialect?.text(bytes) }

    /// The end of the input: closes the document in any case.
    func finish() {
        if case .open = state, !notes.isHalted { _ = xmlParseChunk(core.context, nil, 0, 1) }
        if case .ended = state {
            dialect?.finish(isComplete: true)
        } else {
            dialect?.finish(isComplete: false)
        }
        dialect = nil
    }

    // MARK: - Callbacks

    fileprivate func start(
        _ local: UnsafePointer<UInt8>, _ attributes: UnsafePointer<UnsafePointer<UInt8>?>?, _ count: Int
    ) {
        guard case .open = state else { return }
        depth += 1
        let name = core.names.name(of: local)
        if depth == 1, dialect == nil {
            dialect = open(name)
            guard dialect != nil else {
                notes.root = String(cString: local)
                return stop(.otherRoot)
            }
        }
        guard depth <= core.depthLimit else { return stop(.tooDeep) }
        dialect?.start(
            XMLElement(name: name, depth: depth, attributes: attributes, count: count, names: core.names))
    }

    fileprivate func end(_ local: UnsafePointer<UInt8>) {
        guard case .open = state else { return }
        dialect?.end(core.names.name(of: local), depth: depth)
        depth -= 1
        if depth == 0 { stop(.ended) }
    }

    fileprivate func note(_ message: String, line: Int) {
        if notes.problem == nil { notes.problem = "line \(line): \(message)" }
    }

    private func stop(_ state: State) {
        self.state = state
        notes.remainder = pending
        xmlStopParser(core.context)
    }

    private static func handler(wantsText: Bool) -> xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.startElementNs = startElement
        handler.endElementNs = endElement
        handler.serror = structuredError
        if wantsText {
            handler.characters = characters
            handler.ignorableWhitespace = characters
            handler.cdataBlock = characters
        }
        return handler
    }
}

private func parser(_ context: UnsafeMutableRawPointer) -> Unmanaged<XMLPushParser> {
    Unmanaged<XMLPushParser>.fromOpaque(context)
}

private let startElement: startElementNsSAX2Func = { context, local, _, _, _, _, count, _, attributes in
    guard let context, let local else { return }
    parser(context)._withUnsafeGuaranteedRef { $0.start(local, attributes, Int(count)) }
}

private let endElement: endElementNsSAX2Func = { context, local, _, _ in
    guard let context, let local else { return }
    parser(context)._withUnsafeGuaranteedRef { $0.end(local) }
}

private let characters: charactersSAXFunc = { context, start, count in
    guard let context, let start else { return }
    parser(context)._withUnsafeGuaranteedRef { $0.text(UnsafeBufferPointer(start: start, count: Int(count))) }
}

private let structuredError: xmlStructuredErrorFunc = { context, error in
    guard let context, let error, error.pointee.level.rawValue > XML_ERR_WARNING.rawValue else { return }
    let message = error.pointee.message.map { String(cString: $0) } ?? "malformed XML"
    let line = Int(error.pointee.line)
    parser(context)._withUnsafeGuaranteedRef { $0.note(message.filter { $0 != "\n" }, line: line) }
}
