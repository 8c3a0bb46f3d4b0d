import CICore

extension ReportFormat {
    /// The event stream of Swift Testing, `swift test --event-stream-output-path F --event-stream-version 6.3`.
    package static let swiftEvents = ReportFormat(
        "swift-events", title: "Swift Testing events",
        .lines(
            LineGrammar(
                recognises: { line in
                    line.withUnsafeBufferPointer { bytes in
                        bytes.hasPrefix("{") && ByteSearch.first("\"payload\":{", in: bytes, from: 0) != nil
                            && ByteSearch.first("\"version\":", in: bytes, from: 0) != nil
                    }
                },
                dialect: { SwiftEventsDialect(sink: $0) })))
}

/// Records of tests, then events with their ids; a test that started and has no end was running when the process died.
final class SwiftEventsDialect: LineDialect {
    private let sink: ReportSink
    private var functions: [String: Function] = [:]
    private var running: [String: Running] = [:]
    private var order: [String] = []
    private var isOpen = false

    private struct Function {
        var className: String
        var suitePath: [String]
        var name: String
        var location: SourceLocation?
    }

    private struct Running {
        var start: Double
        var message: String?
        var details: BoundedText
        var failures = 0
    }

    init(sink: ReportSink) { self.sink = sink }

    func line(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard !bytes.trimmed.isEmpty else { return }
        guard let json = JSONValue(bytes), let payload = json["payload"] else {
            return sink.warn("a line is no event: the report may be truncated")
        }
        switch json["kind"]?.string {
        case "test": define(payload)
        case "event": take(payload)
        default: break
        }
    }

    func finish() {
        guard isOpen || !running.isEmpty else { return }
        sink.warn("truncated: the run has no end")
        for id in order where running[id] != nil {
            let reason = Attempt.Reason(
                message: "the run ends within this test", details: running[id].flatMap { Self.text(of: $0) })
            end(id, Attempt(outcome: .errored, reason: reason), isUnfinished: true)
        }
    }

    private func define(_ payload: JSONValue) {
        guard payload["kind"]?.string == "function", let id = payload["id"]?.string,
            let name = payload["name"]?.string
        else { return }
        let source = payload["sourceLocation"]
        let file = source?["filePath"]?.string ?? source?["_filePath"]?.string ?? source?["fileID"]?.string
        let path = SwiftTestPath(id: id, name: name)
        functions[id] = Function(
            className: path.className, suitePath: path.suites, name: name,
            location: file.map { SourceLocation(file: $0, line: source?["line"]?.int) })
    }

    private func take(_ event: JSONValue) {
        let id = event["testID"]?.string
        switch event["kind"]?.string {
        case "runStarted": isOpen = true
        case "runEnded": isOpen = false
        case "testStarted":
            guard let id, functions[id] != nil else { return }
            running[id] = Running(start: Self.instant(event), details: BoundedText(limit: sink.limits.text))
            order.append(id)
        case "issueRecorded": keepIssue(event, id)
        case "testSkipped":
            guard let id, functions[id] != nil else { return }
            let message = event["messages"]?.array.first?["text"]?.string
            end(id, Attempt(outcome: .skipped, reason: Attempt.Reason(message: message.map(Self.skipReason))))
        case "testEnded", "testCancelled": endTest(event, id)
        default: break
        }
    }

    private func keepIssue(_ event: JSONValue, _ id: String?) {
        let issue = event["issue"]
        let isKnown = issue?["isKnown"]?.bool ?? false
        guard issue?["isFailure"]?.bool ?? !isKnown else { return }
        let texts = event["messages"]?.array.compactMap { $0["text"]?.string } ?? []
        guard let id, running[id] != nil else {
            let reason = Attempt.Reason(message: texts.first, details: texts.joined(separator: "\n"))
            return sink.take(
                ReportedTest(name: "(outside of any test)", attempts: [Attempt(outcome: .errored, reason: reason)]))
        }
        let place = issue?["sourceLocation"]
        let file = place?["fileID"]?.string ?? ""
        let line = place?["line"]?.int.map { "\(file):\($0): " } ?? ""
        running[id]?.failures += 1
        if running[id]?.message == nil { running[id]?.message = texts.joined(separator: ": ") }
        running[id]?.details.append(line + texts.joined(separator: "\n") + "\n")
    }

    private func endTest(_ event: JSONValue, _ id: String?) {
        guard let id, let state = running[id] else { return }
        let seconds = max(0, Self.instant(event) - state.start)
        let duration = Duration.nanoseconds(ReportedSeconds.nanoseconds(of: seconds, isWhole: false))
        guard state.failures > 0 else {
            let isCancelled = event["kind"]?.string == "testCancelled"
            return end(id, Attempt(outcome: isCancelled ? .skipped : .passed, duration: duration))
        }
        let reason = Attempt.Reason(message: state.message, details: Self.text(of: state))
        end(id, Attempt(outcome: .failed, duration: duration, reason: reason))
    }

    private func end(_ id: String, _ attempt: Attempt, isUnfinished: Bool = false) {
        running[id] = nil
        guard let function = functions[id] else { return }
        let test = ReportedTest(
            suitePath: function.suitePath, className: function.className, name: function.name,
            location: function.location, attempts: [attempt])
        sink.take(isUnfinished ? test.unfinished() : test)
    }

    private static func text(of state: Running) -> String? { state.details.isEmpty ? nil : state.details.text }

    private static func instant(_ event: JSONValue) -> Double { event["instant"]?["absolute"]?.double ?? 0 }

    /// `Test x() skipped: "later"` says no more than `later`.
    private static func skipReason(_ message: String) -> String {
        guard let start = message.firstRange(of: " skipped: \"") else { return message }
        return String(message[start.upperBound...].dropLast(message.hasSuffix("\"") ? 1 : 0))
    }
}

/// The parts of a Swift Testing id: `Module.Suite/Inner/name()/File.swift:3:2`.
struct SwiftTestPath {
    /// As SwiftPM's XML has it: `Module.Suite.Inner`.
    private(set) var className: String
    private(set) var suites: [String]

    init(id: String, name: String) {
        var rest = id[...]
        if let slash = rest.lastIndex(of: "/"), rest[slash...].contains(":") { rest = rest[..<slash] }
        if rest.hasSuffix(name) { rest = rest.dropLast(name.count) }
        while let last = rest.last, last == "/" || last == "." { rest = rest.dropLast() }
        let parts = rest.split(separator: "/")
        suites = parts.flatMap { part in parts.first == part ? Self.moduleAndSuite(part) : [String(part)] }
        className = suites.joined(separator: ".")
    }

    private static func moduleAndSuite(_ part: Substring) -> [String] {
        guard let dot = part.firstIndex(of: ".") else { return [String(part)] }
        return [String(part[..<dot]), String(part[part.index(after: dot)...])]
    }
}
