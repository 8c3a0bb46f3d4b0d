import CICore

extension ReportFormat {
    /// The event stream of `go test -json` (`go doc test2json`).
    package static let goTestJSON = ReportFormat(
        "go-test-json", title: "go test -json",
        .lines(
            LineGrammar(
                recognises: { line in
                    line.withUnsafeBufferPointer { bytes in
                        bytes.hasPrefix("{") && ByteSearch.first("\"Action\":\"", in: bytes, from: 0) != nil
                    }
                },
                dialect: { GoTestDialect(sink: $0) })))
}

/// Packages interleaved, tests within tests, builds that fail and runs that never end.
final class GoTestDialect: LineDialect {
    private let sink: ReportSink
    private var packages: [String: Package] = [:]
    /// The compiler's words, by import path.
    private var builds: [String: BoundedText] = [:]
    private var buildFailures: [String] = []

    /// A package that is being tested.
    private struct Package {
        var running: [String: Running] = [:]
        var order: [String] = []
        var output: BoundedText
        var failedTests = 0
    }

    private struct Running {
        var output: BoundedText
        var hasStarted = true
    }

    /// One event.
    private struct Event {
        var action: String
        var package: String
        var test: String?
        var elapsed: Double
        var output: String
        var json: JSONValue

        init?(_ json: JSONValue) {
            guard let action = json["Action"]?.string else { return nil }
            self.action = action
            self.json = json
            package = json["Package"]?.string ?? ""
            test = json["Test"]?.string
            elapsed = json["Elapsed"]?.double ?? 0
            output = json["Output"]?.string ?? ""
        }
    }

    init(sink: ReportSink) { self.sink = sink }

    func line(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard !bytes.trimmed.isEmpty else { return }
        guard let json = JSONValue(bytes.trimmed), let event = Event(json) else {
            // What `go vet` or a linker prints is no event; a line of JSON that breaks off is worth a word.
            if bytes.trimmed.hasPrefix("{") { sink.warn("a line is no test event: the report may be truncated") }
            return
        }
        take(event)
    }

    func finish() {
        for name in packages.keys.sorted() {
            sink.warn("package \(SafeText.line(name, limit: 200)) has no end: the run was cut off")
            endPackage(name, cause: "the run ends within this test", elapsed: 0)
        }
        for path in buildFailures { report(build: path, package: path) }
    }

    private func take(_ event: Event) {
        switch event.action {
        case "build-output":
            let path = event.json["ImportPath"]?.string ?? ""
            builds[path, default: BoundedText(limit: sink.limits.text)].append(event.output)
        case "build-fail":
            buildFailures.append(event.json["ImportPath"]?.string ?? "")
        case "run":
            guard let test = event.test else { return }
            change(event.package) { package, limits in
                package.running[test] = Running(output: BoundedText(limit: limits.text))
                package.order.append(test)
            }
        case "output":
            keepOutput(of: event)
        case "pass", "fail", "skip":
            if let test = event.test { end(test, event) } else { endPackage(event) }
        case "start":
            change(event.package) { _, _ in }
        default:
            break
        }
    }

    private func change(_ name: String, _ body: (inout Package, ReportLimits) -> Void) {
        body(&packages[name, default: Package(output: BoundedText(limit: sink.limits.text))], sink.limits)
    }

    private func keepOutput(of event: Event) {
        guard sink.keepsTests else { return }
        change(event.package) { package, _ in
            if let test = event.test {
                package.running[test]?.output.append(event.output)
            } else {
                package.output.append(event.output)
            }
        }
    }

    private func end(_ test: String, _ event: Event) {
        var running: Running?
        change(event.package) { package, _ in
            running = package.running.removeValue(forKey: test)
            if event.action == "fail" { package.failedTests += 1 }
        }
        let outcome: Outcome =
            switch event.action {
            case "pass": .passed
            case "skip": .skipped
            default: .failed
            }
        let output = running?.output.text ?? ""
        let duration = Duration.nanoseconds(ReportedSeconds.nanoseconds(of: event.elapsed, isWhole: false))
        let reason = outcome == .passed ? nil : GoTestOutput.reason(output)
        hand(
            test, of: event.package,
            Attempt(outcome: outcome, duration: duration, reason: reason, output: output.isEmpty ? nil : output))
    }

    private func hand(_ test: String, of package: String, _ attempt: Attempt) {
        sink.take(Self.test(test, of: package, attempt))
    }

    private static func test(_ name: String, of package: String, _ attempt: Attempt) -> ReportedTest {
        ReportedTest(suitePath: [package], className: package, name: name, attempts: [attempt])
    }

    private func endPackage(_ event: Event) {
        guard event.action == "fail" else {
            endPackage(event.package, cause: "the package ends without a word of this test", elapsed: event.elapsed)
            return
        }
        if let path = event.json["FailedBuild"]?.string {
            packages[event.package] = nil
            buildFailures.removeAll { $0 == path }
            return report(build: path, package: event.package)
        }
        let package = packages[event.package]
        let unfinished = package?.running.isEmpty == false
        let output = package?.output.text ?? ""
        let failed = package?.failedTests ?? 0
        endPackage(event.package, cause: "the package failed while this test was running", elapsed: event.elapsed)
        guard failed == 0, !unfinished else { return }
        let words = output.contains("[build failed]") || output.contains("[setup failed]") ? "build failed" : nil
        var reason = GoTestOutput.reason(output)
        reason.message = words ?? reason.message ?? "the package failed outside of its tests"
        hand("(package)", of: event.package, Attempt(outcome: .errored, reason: reason))
    }

    /// Tests that were running when their package ended are errored, in the order in which they started.
    private func endPackage(_ name: String, cause: String, elapsed: Double) {
        guard let package = packages.removeValue(forKey: name) else { return }
        for test in package.order {
            guard let running = package.running[test] else { continue }
            let output = running.output.text
            var reason = GoTestOutput.reason(output.isEmpty ? package.output.text : output)
            if !output.contains("panic:") { reason.message = cause }
            let attempt = Attempt(outcome: .errored, reason: reason, output: output.isEmpty ? nil : output)
            sink.take(Self.test(test, of: name, attempt).unfinished())
        }
    }

    private func report(build path: String, package: String) {
        let text = builds.removeValue(forKey: path)?.text ?? ""
        let reason = Attempt.Reason(message: "build failed", details: text.isEmpty ? nil : text)
        hand("(build)", of: package.isEmpty ? path : package, Attempt(outcome: .errored, reason: reason))
    }
}

/// The words of Go's own test output.
enum GoTestOutput {
    /// The first line with `file.go:12:` or a panic is the message, all of it the details.
    static func reason(_ output: String) -> Attempt.Reason {
        var message: String?
        for line in output.split(separator: "\n") {
            let words = line.drop { $0 == " " || $0 == "\t" }
            if words.hasPrefix("===") || words.hasPrefix("--- ") { continue }
            guard words.hasPrefix("panic: ") || words.contains(".go:") else { continue }
            message = String(words)
            break
        }
        return Attempt.Reason(message: message, details: output.isEmpty ? nil : output)
    }
}
