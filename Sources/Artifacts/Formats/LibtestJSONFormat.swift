import CICore

extension ReportFormat {
    /// The event stream of Rust's test programs, `--format json` (`library/test/src/formatters/json.rs`).
    package static let libtestJSON = ReportFormat(
        "libtest-json", title: "Rust libtest JSON",
        .lines(
            LineGrammar(
                recognises: { line in
                    line.withUnsafeBufferPointer { bytes in
                        bytes.hasPrefix("{ \"type\": \"")
                            && ByteSearch.first("\"event\": \"", in: bytes, from: 0) != nil
                    }
                },
                dialect: { LibtestDialect(sink: $0) })))
}

/// One program after another in one stream; a test that started and has no end was running when its program died.
final class LibtestDialect: LineDialect {
    private let sink: ReportSink
    private var running: [String] = []

    init(sink: ReportSink) { self.sink = sink }

    func line(_ bytes: UnsafeBufferPointer<UInt8>) {
        // A test that writes past the capture writes between the events.
        guard bytes.trimmed.hasPrefix("{"), let json = JSONValue(bytes.trimmed) else { return }
        switch (json["type"]?.string, json["event"]?.string) {
        case ("suite", "started"): closeRunning()
        case ("test", "started"): if let name = json["name"]?.string { running.append(name) }
        case ("test", let event?): end(json, event)
        default: break
        }
    }

    func finish() { closeRunning() }

    private func closeRunning() {
        guard !running.isEmpty else { return }
        sink.warn("truncated: the program ended within a test")
        for name in running {
            let attempt = Attempt(outcome: .errored, reason: .init(message: "the program ended within this test"))
            sink.take(Self.test(name, attempt).unfinished())
        }
        running = []
    }

    private func end(_ json: JSONValue, _ event: String) {
        guard let name = json["name"]?.string else { return }
        // A warning that a test takes long is no end of it.
        guard let outcome = Self.outcome(of: event) else { return }
        running.removeAll { $0 == name }
        let output = json["stdout"]?.string
        let duration = Duration.nanoseconds(
            ReportedSeconds.nanoseconds(of: json["exec_time"]?.double ?? 0, isWhole: false))
        var reason: Attempt.Reason?
        if outcome != .passed {
            let message = json["message"]?.string ?? json["reason"]?.string ?? Self.message(in: output ?? "")
            reason = .init(message: message, details: outcome == .skipped ? nil : output)
        }
        sink.take(Self.test(name, Attempt(outcome: outcome, duration: duration, reason: reason, output: output)))
    }

    private static func outcome(of event: String) -> Outcome? {
        switch event {
        case "ok": .passed
        case "failed": .failed
        case "ignored": .skipped
        default: nil
        }
    }

    /// What stands after `thread 'x' panicked at file.rs:1:2:`, on the same line before Rust 1.73.
    private static func message(in output: String) -> String? {
        guard let start = output.firstRange(of: " panicked at ") else { return nil }
        let lines = output[start.upperBound...].split(separator: "\n", maxSplits: 2)
        guard let first = lines.first else { return nil }
        return String(first.hasSuffix(":") && lines.count > 1 ? lines[1] : first)
    }

    /// `a::tests::adds` is the test `adds` of the module `a::tests`.
    private static func test(_ path: String, _ attempt: Attempt) -> ReportedTest {
        let split = path.range(ofLast: "::")
        let module = split.map { String(path[..<$0.lowerBound]) } ?? ""
        return ReportedTest(
            suitePath: module.isEmpty ? [] : [module], className: module,
            name: split.map { String(path[$0.upperBound...]) } ?? path, attempts: [attempt])
    }
}

extension String {
    /// The last place of a text.
    fileprivate func range(ofLast text: String) -> Range<String.Index>? { ranges(of: text).last }
}
