/// Lines out of pieces of any size; carriage returns before line feeds are dropped.
struct LineSplitter {
    /// Whether a line was longer than `limit`; its rest was dropped.
    private(set) var sawLongLine = false
    private var held: [UInt8] = []
    private var isDropping = false
    private let limit: Int

    /// - Parameter limit: bytes of a line that are kept.
    init(limit: Int = 32 << 20) { self.limit = limit }

    /// Calls `body` with every line that is complete.
    mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        var start = 0
        while let end = ByteSearch.first(UInt8(ascii: "\n"), in: bytes, from: start) {
            complete(bytes.part(start..<end), body)
            start = end + 1
        }
        hold(bytes.part(start..<bytes.count))
    }

    /// The last line, if it had no line feed.
    mutating func finish(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        guard !held.isEmpty else { return }
        complete(UnsafeBufferPointer(start: nil, count: 0), body)
    }

    private mutating func complete(
        _ bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        if held.isEmpty, !isDropping { return body(Self.withoutReturn(bytes)) }
        hold(bytes)
        let line = held
        held = []
        isDropping = false
        line.withUnsafeBufferPointer { body(Self.withoutReturn($0)) }
    }

    private mutating func hold(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard !isDropping else { return }
        let room = limit - held.count
        held.append(contentsOf: bytes.prefix(room))
        guard bytes.count > room else { return }
        isDropping = true
        sawLongLine = true
    }

    private static func withoutReturn(_ line: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        line.last == 0x0D ? line.part(0..<(line.count - 1)) : line
    }
}

/// The lines of one report, for the formats that are lines of text.
final class LineReport: ReportParser {
    private var splitter = LineSplitter()
    private let dialect: any LineDialect
    private let sink: ReportSink

    init(sink: ReportSink, dialect: any LineDialect) {
        self.sink = sink
        self.dialect = dialect
    }

    func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
        splitter.feed(bytes) { dialect.line($0) }
    }

    func finish() throws(ReportError) {
        splitter.finish { dialect.line($0) }
        if splitter.sawLongLine { sink.warn("a line of more than 32 MiB was cut") }
        dialect.finish()
    }
}
