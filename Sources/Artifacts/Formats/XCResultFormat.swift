import CICore

extension ReportFormat {
    /// `xcrun xcresulttool get test-results tests --path X.xcresult --compact`: one line of JSON.
    package static let xcresultTests = ReportFormat(
        "xcresult-tests", title: "Xcode test results",
        .lines(
            LineGrammar(
                recognises: { line in
                    line.withUnsafeBufferPointer { bytes in
                        bytes.hasPrefix("{") && ByteSearch.first("\"testNodes\"", in: bytes, from: 0) != nil
                    }
                },
                dialect: { XCResultDialect(sink: $0) })))
}

/// A tree of plans, bundles, suites and cases; a case's children are its failures, its repetitions and its arguments.
final class XCResultDialect: LineDialect {
    private let sink: ReportSink
    private var text: [UInt8] = []

    init(sink: ReportSink) { self.sink = sink }

    func line(_ bytes: UnsafeBufferPointer<UInt8>) {
        // Without `--compact` the document has many lines; what is longer than the longest token is cut off.
        guard text.count + bytes.count <= sink.limits.token else { return sink.warn("the report is too long") }
        text.append(contentsOf: bytes)
        text.append(UInt8(ascii: "\n"))
    }

    func finish() {
        guard let json = text.withUnsafeBufferPointer({ JSONValue($0) }) else {
            return sink.warn("is no complete JSON: the report may be truncated")
        }
        for node in json["testNodes"]?.array ?? [] { visit(node, path: [], depth: 0) }
    }

    private func visit(_ node: JSONValue, path: [String], depth: Int) {
        guard depth < sink.limits.depth else { return sink.warn("suites are nested too deeply") }
        let name = node["name"]?.string ?? ""
        if node["nodeType"]?.string == "Test Case" { return take(node, name: name, path: path) }
        let isNamed = ["Unit test bundle", "UI test bundle", "Test Suite"].contains(node["nodeType"]?.string)
        for child in node["children"]?.array ?? [] {
            visit(child, path: isNamed ? path + [name] : path, depth: depth + 1)
        }
    }

    private func take(_ node: JSONValue, name: String, path: [String]) {
        let children = node["children"]?.array ?? []
        let repetitions = children.filter { $0["nodeType"]?.string == "Repetition" }
        let attempts = repetitions.isEmpty ? [attempt(node)] : repetitions.map(attempt)
        // The title of a Swift Testing function may be a phrase; its identifier never is.
        let identifier = node["nodeIdentifier"]?.string?.split(separator: "/").last.map(String.init)
        sink.take(
            ReportedTest(
                suitePath: path, className: path.joined(separator: "/"), name: identifier ?? name,
                attempts: Array(attempts.prefix(sink.limits.items))))
    }

    private func attempt(_ node: JSONValue) -> Attempt {
        let outcome: Outcome =
            switch node["result"]?.string {
            case "Passed", "Expected Failure": .passed
            case "Skipped": .skipped
            default: .failed
            }
        let messages = failures(of: node, depth: 0)
        let duration = Duration.nanoseconds(
            ReportedSeconds.nanoseconds(of: node["durationInSeconds"]?.double ?? 0, isWhole: false))
        guard outcome != .passed else { return Attempt(outcome: outcome, duration: duration) }
        return Attempt(
            outcome: outcome, duration: duration,
            reason: .init(message: messages.first, details: messages.joined(separator: "\n")))
    }

    /// Also those of a parameterised test's arguments.
    private func failures(of node: JSONValue, depth: Int) -> [String] {
        guard depth < 4 else { return [] }
        return (node["children"]?.array ?? []).flatMap { child -> [String] in
            let isMessage = ["Failure Message", "Skip Message"].contains(child["nodeType"]?.string)
            return (isMessage ? [child["name"]?.string ?? ""] : []) + failures(of: child, depth: depth + 1)
        }
    }
}
