import Artifacts
import CICore

/// What the console launcher's `--details=verbose --details-theme=ascii` told before its JVM ended: each test's unique
/// id when it starts, its status when it ends.
struct JUnitConsoleDetails {
    private(set) var finished: [ReportedTest] = []
    /// Begun and not ended; several when tests run in parallel.
    private(set) var running: [ReportedTest] = []

    init(_ text: String) {
        var message: String?
        var milliseconds = 0
        for line in text.split(separator: "\n") {
            let line = line.drop { " |+-'".contains($0) }
            if let id = Self.value("uniqueId: ", of: line) {
                if let test = Self.test(of: id) { running.append(test) }
                message = nil
                milliseconds = 0
            } else if let words = Self.value("caught: ", of: line) ?? Self.value("reason: ", of: line) {
                message = String(words)
            } else if let time = Self.value("duration: ", of: line) {
                milliseconds = Int(time.prefix { $0.isASCII && $0.isNumber }) ?? 0
            } else if let status = Self.value("status: ", of: line), var test = running.popLast() {
                test.attempts = [Self.attempt(status, message: message, milliseconds: milliseconds)]
                finished.append(test)
            }
        }
    }

    private static func value(_ key: String, of line: Substring) -> Substring? {
        line.hasPrefix(key) ? line.dropFirst(key.count) : nil
    }

    private static func attempt(_ status: Substring, message: String?, milliseconds: Int) -> Attempt {
        let outcome: Outcome =
            status.hasSuffix("SUCCESSFUL") ? .passed : status.hasSuffix("FAILED") ? .failed : .skipped
        return Attempt(
            outcome: outcome, duration: .milliseconds(milliseconds),
            reason: outcome == .passed ? nil : message.map { Attempt.Reason(message: $0, details: $0) })
    }

    /// `[engine:junit-jupiter]/[class:demo.A]/[nested-class:B]/[method:m()]`; `nil` for what holds tests.
    private static func test(of id: Substring) -> ReportedTest? {
        var className = ""
        var name = ""
        for part in id.split(separator: "/", omittingEmptySubsequences: true) {
            let inner = part.dropFirst().dropLast()
            guard let colon = inner.firstIndex(of: ":") else { continue }
            let value = inner[inner.index(after: colon)...]
            switch inner[..<colon] {
            case "class", "runner": className = String(value)
            case "nested-class": className += "$\(value)"
            case "method", "test-template", "test-factory": name = String(value)
            case "test-template-invocation", "dynamic-test", "dynamic-container":
                name += "[\(value.drop { $0 == "#" })]"
            case "test": name = String(value.prefix { $0 != "(" })
            default: break
            }
        }
        guard !className.isEmpty, !name.isEmpty else { return nil }
        return ReportedTest(className: className, name: name, attempts: [Attempt(outcome: .errored)])
    }
}
