import CICore

/// What `bats --formatter cat --timing` writes while it runs: TAP with `suite FILE` before each file and
/// `begin N NAME` before each test (bats-core, `lib/bats-core/formatter.bash`).
///
/// A result counts only for the test that had begun under that number: what tests write to descriptor 3 stands in the
/// same stream and may look like a result. Several streams one after another are read as one.
package struct BatsStream: Sendable {
    package private(set) var tests: [ReportedTest] = []
    /// A failed test whose explanation may follow.
    private var failed: ReportedTest?
    /// The test that had begun and not ended when the stream ended.
    package private(set) var running: ReportedTest?
    /// Tests that had begun and not ended when another one or another file began.
    package private(set) var abandoned: [ReportedTest] = []
    /// The file of the last `suite` line.
    private var file = ""
    private var number = ""
    /// What the running test wrote, then what was said about the last finished one.
    private var remarks = BoundedText(limit: ReportLimits().text)
    /// The first indented remark: what failed, behind where it did.
    private var message: String?

    package init() {}

    /// Reads a whole stream.
    package init(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) { read(line) }
        finish()
    }

    /// Hands over the tests found so far and forgets them.
    package mutating func drain() -> [ReportedTest] {
        defer { tests = [] }
        return tests
    }

    /// The end of the stream.
    package mutating func finish() { close() }

    /// One line without its line feed.
    package mutating func read(_ line: Substring) {
        if let path = line.after("suite ") {
            close()
            abandon()
            file = String(path)
        } else if let rest = line.after("begin "), let (number, name) = Self.numbered(rest) {
            close()
            abandon()
            self.number = String(number)
            running = reported(name: String(name), Attempt(outcome: .errored))
        } else if let rest = line.after("not ok ") {
            finish(rest, isPass: false)
        } else if let rest = line.after("ok ") {
            finish(rest, isPass: true)
        } else if let remark = line.after("# ") {
            note(remark)
        } else if line == "#" {
            note("")
        }
    }

    private mutating func finish(_ rest: Substring, isPass: Bool) {
        guard let (number, text) = Self.numbered(rest) else { return }
        if let running, self.number == number, let tail = text.after(running.name) {
            self.running = nil
            let output = remarks.isEmpty ? nil : remarks.text
            forget()
            take(reported(name: running.name, Self.attempt(tail, isPass: isPass, output: output)))
        } else if running == nil, !isPass, Self.isFixture(text) {
            close()
            take(reported(name: String(text), Attempt(outcome: .errored)))
        }
    }

    private mutating func abandon() {
        if let running { abandoned.append(running) }
        running = nil
    }

    private mutating func take(_ test: ReportedTest) {
        if test.outcome.isFailure { failed = test } else { tests.append(test) }
    }

    /// Gives the lines after a failure to it.
    private mutating func close() {
        defer { forget() }
        guard var test = failed else { return }
        failed = nil
        if !remarks.isEmpty {
            let known = test.attempts[0].reason
            let text = remarks.text
            test.attempts[0].reason = Attempt.Reason(
                type: known?.type,
                message: known?.message ?? message ?? text.split(separator: "\n").first.map(String.init), details: text)
        }
        tests.append(test)
    }

    private mutating func note(_ remark: Substring) {
        if !remarks.isEmpty { remarks.append("\n") }
        remarks.append(String(remark))
        if message == nil, remark.hasPrefix("  ") { message = String(remark.drop { $0 == " " }) }
    }

    private mutating func forget() {
        remarks.removeAll()
        message = nil
    }

    private func reported(name: String, _ attempt: Attempt) -> ReportedTest {
        ReportedTest(
            suitePath: file.isEmpty ? [] : [file], className: "", name: name,
            location: file.isEmpty ? nil : SourceLocation(file: file), attempts: [attempt])
    }

    /// Reads ` in 12ms # skip why` behind a test's name.
    private static func attempt(_ tail: Substring, isPass: Bool, output: String?) -> Attempt {
        var attempt = Attempt(outcome: isPass ? .passed : .failed, output: output)
        var rest = tail
        if let time = rest.after(" in ") {
            let digits = time.prefix { $0.isASCII && $0.isNumber }
            if let milliseconds = Int(digits), let behind = time[digits.endIndex...].after("ms") {
                attempt.duration = .milliseconds(milliseconds)
                rest = behind
            }
        }
        if isPass, let reason = rest.after(" # skip") {
            attempt.outcome = .skipped
            attempt.duration = .zero
            let words = reason.drop { $0 == " " }
            if !words.isEmpty { attempt.reason = Attempt.Reason(message: String(words)) }
        } else if !isPass, let limit = rest.after(" # timeout after ") {
            attempt.reason = Attempt.Reason(type: "timeout", message: "timeout after \(limit)")
        }
        return attempt
    }

    /// What bats reports in place of tests when a fixture around them fails.
    private static func isFixture(_ text: Substring) -> Bool {
        ["setup_file failed", "teardown_file failed", "source failed", "unknown internal failed"].contains(text)
            || text == "setup_suite" || text == "teardown_suite"
    }

    private static func numbered(_ text: Substring) -> (number: Substring, rest: Substring)? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, let rest = text[digits.endIndex...].after(" ") else { return nil }
        return (digits, rest)
    }
}

extension Substring {
    /// What follows a prefix; `nil` if the text does not begin with it.
    fileprivate func after(_ prefix: some StringProtocol) -> Substring? {
        // Bytes, since a combining character behind the prefix would join it to another character.
        guard utf8.starts(with: prefix.utf8) else { return nil }
        return self[utf8.index(startIndex, offsetBy: prefix.utf8.count)...]
    }
}
