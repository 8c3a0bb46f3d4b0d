import CICore

extension ReportFormat {
    /// What dt-ci's own reporters write inside test tools whose reports lack something.
    package static let testEvents = ReportFormat(
        "test-events", title: "dt-ci test events",
        .lines(
            LineGrammar(
                recognises: { line in
                    line.withUnsafeBufferPointer { bytes in
                        bytes.hasPrefix("{") && ByteSearch.first("\"event\":\"begin\"", in: bytes, from: 0) != nil
                    }
                },
                dialect: { TestEventsDialect(sink: $0) })))
}

/// Hands finished tests over; what had begun and not ended is the runner's to tell.
final class TestEventsDialect: LineDialect {
    private let sink: ReportSink

    init(sink: ReportSink) { self.sink = sink }

    func line(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard !bytes.trimmed.isEmpty else { return }
        guard let event = TestEvent(bytes, limits: sink.limits) else {
            return sink.warn("a line is no event: the report may be truncated")
        }
        if let test = event.test { sink.take(test) }
    }

    func finish() {}
}
