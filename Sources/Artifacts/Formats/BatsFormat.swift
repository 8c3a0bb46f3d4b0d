import CICore

extension ReportFormat {
    /// The stream between bats and its formatters, `bats --formatter cat --timing`.
    package static let bats = ReportFormat(
        "bats", title: "bats stream",
        .lines(
            LineGrammar(
                recognises: { line in
                    line.withUnsafeBufferPointer { $0.hasPrefix("begin 1 ") || $0.hasPrefix("suite /") }
                },
                dialect: { BatsDialect(sink: $0) })))
}

/// Names a test that had begun when the stream ended; bats ends one stream for each start.
final class BatsDialect: LineDialect {
    private let sink: ReportSink
    private var stream = BatsStream()

    init(sink: ReportSink) { self.sink = sink }

    func line(_ bytes: UnsafeBufferPointer<UInt8>) {
        stream.read(sink.limits.text(bytes)[...])
        stream.drain().forEach(sink.take)
    }

    func finish() {
        stream.finish()
        stream.drain().forEach(sink.take)
        guard let running = stream.running else { return }
        sink.warn("truncated: the stream ends within \(SafeText.line(running.name))")
    }
}
