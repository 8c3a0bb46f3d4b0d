import CICore

/// One open `<testcase>`: outcome and identity always, texts only where they are wanted.
struct JUnitCase {
    /// What the results in it amount to, before `status` is looked at.
    private var results = Results()
    private let identity: UInt64
    private let nanoseconds: Int64
    private let status: JUnitStatus
    private var texts: Texts?

    private struct Results {
        /// Of the case's own results.
        var worst = Outcome.passed
        /// Of its reruns, which failed all of them.
        var worstRerun = Outcome.passed
        var worstFlaky = Outcome.passed
        var hasResult = false
        var flaky = 0
        var reruns = 0
        var isBroken = false
    }

    /// Kept apart so that counting never touches it.
    private struct Texts {
        var test: ReportedTest
        /// Failed attempts beside the case's own result: before it where it passed, after it where it failed.
        var attempts: [Attempt] = []
        var reason: Attempt.Reason?
        var reasonOutcome = Outcome.passed
        var open: OpenResult?
        var output: BoundedText
    }

    /// A result or attempt whose end tag is to come.
    private struct OpenResult {
        var outcome: Outcome
        var isAttempt: Bool
        var nanoseconds: Int64
        var reason: Attempt.Reason
        var details: BoundedText
        var output: BoundedText
    }

    init(_ element: XMLElement, suites: [JUnitSuite], sink: ReportSink) {
        let fields = Fields(element)
        identity = fields.identity(path: suites.last?.pathHash ?? IdentityHash().value)
        nanoseconds = fields.nanoseconds
        status = fields.status
        guard sink.keepsTests else { return }
        let path = suites.map(\.name).filter { !$0.isEmpty }
        texts = Texts(test: fields.test(path: path, sink.limits), output: BoundedText(limit: sink.limits.text))
    }

    /// Whether text belongs to a result that is still open.
    var isInResult: Bool { texts?.open != nil }

    mutating func startResult(_ element: XMLElement, _ limits: ReportLimits) {
        let outcome: Outcome =
            switch element.name {
            case .error: .errored
            case .failure: .failed
            default: .skipped
            }
        results.worst = max(results.worst, outcome)
        results.hasResult = true
        open(element, outcome, isAttempt: false, limits)
    }

    mutating func startAttempt(_ element: XMLElement, _ limits: ReportLimits) {
        let isFlaky = element.name == .flakyFailure || element.name == .flakyError
        if isFlaky { results.flaky += 1 } else { results.reruns += 1 }
        let isError = element.name == .flakyError || element.name == .rerunError
        let outcome: Outcome = isError ? .errored : .failed
        if isFlaky {
            results.worstFlaky = max(results.worstFlaky, outcome)
        } else {
            results.worstRerun = max(results.worstRerun, outcome)
        }
        open(element, outcome, isAttempt: true, limits)
    }

    mutating func appendDetails(_ bytes: UnsafeBufferPointer<UInt8>) { texts?.open?.details.append(bytes) }

    mutating func startOutput() {
        guard texts?.open == nil, let isEmpty = texts?.output.isEmpty, !isEmpty else { return }
        texts?.output.append("\n")
    }

    /// Of the attempt that is open, else of the case.
    mutating func appendOutput(_ bytes: UnsafeBufferPointer<UInt8>) {
        if texts?.open != nil { texts?.open?.output.append(bytes) } else { texts?.output.append(bytes) }
    }

    mutating func appendProperty(_ name: String, _ value: UnsafeBufferPointer<UInt8>, _ limits: ReportLimits) {
        guard let count = texts?.test.properties.count, count < limits.items || texts?.test.properties[name] != nil
        else {
            return
        }
        let text = (texts?.test.properties[name] ?? "") + limits.name(value)
        texts?.test.properties[name] = SafeText.Bounded.head(text, limit: limits.name).text
    }

    mutating func endResult() {
        guard let open = texts?.open else { return }
        texts?.open = nil
        var reason = open.reason
        let details = open.details.text
        // A body that only repeats the message says nothing more.
        if !details.allSatisfy(\.isWhitespace), details != reason.message { reason.details = details }
        if open.isAttempt {
            texts?.attempts.append(
                Attempt(
                    outcome: open.outcome, duration: .nanoseconds(open.nanoseconds), reason: reason,
                    output: open.output.isEmpty ? nil : open.output.text))
        } else {
            keep(reason, open.outcome)
        }
    }

    /// The report ends within this case: whatever it was going to be, it is errored.
    mutating func breakOff() {
        endResult()
        results.isBroken = true
    }

    /// Gives the finished case to the sink.
    consuming func hand(to sink: ReportSink) {
        let outcome = outcome
        // In malformed XML the end tag of a result can be missing.
        endResult()
        guard var texts else { return sink.count(counted(sink.limits), nanoseconds: nanoseconds) }
        let output = texts.output.isEmpty ? nil : texts.output.text
        let own = Attempt(
            outcome: outcome, duration: .nanoseconds(nanoseconds), reason: reason(for: outcome), output: output)
        texts.test.attempts = outcome.isFailure ? [own] + texts.attempts : texts.attempts + [own]
        texts.test.attachments = JUnitAttachments.paths(in: output, texts.test.properties, limit: sink.limits.items)
        sink.take(texts.test)
    }

    /// What the attempts come to, by the rule of `TestRecord`.
    private func counted(_ limits: ReportLimits) -> CountedTest {
        let others = results.flaky + results.reruns
        let own = outcome
        let outcome = own == .passed ? own : max(own, results.worstRerun, results.worstFlaky)
        return CountedTest(
            identity: identity, outcome: outcome, hasFailed: others > 0, attempts: 1 + min(others, limits.items))
    }

    /// The case's own outcome, reruns aside.
    var outcome: Outcome {
        if results.isBroken { return .errored }
        if status == .notRun { return .skipped }
        if results.hasResult { return results.worst }
        if results.reruns > 0 { return results.worstRerun }
        return switch status {
        case .failed: .failed
        case .errored: .errored
        default: .passed
        }
    }

    private func reason(for outcome: Outcome) -> Attempt.Reason? {
        if results.isBroken { return Attempt.Reason(message: "the report breaks off within this test") }
        guard outcome != .passed else { return nil }
        return texts?.reason
    }

    private mutating func open(
        _ element: XMLElement, _ outcome: Outcome, isAttempt: Bool, _ limits: ReportLimits
    ) {
        guard let texts else { return }
        guard !isAttempt || texts.attempts.count < limits.items else { return }
        if texts.open != nil { endResult() }
        self.texts?.open = OpenResult(
            outcome: outcome, isAttempt: isAttempt,
            nanoseconds: element.value(.time).map { ReportedSeconds.nanoseconds($0) } ?? 0,
            reason: Attempt.Reason(type: element.text(.type, limits), message: element.text(.message, limits)),
            details: BoundedText(limit: limits.text), output: BoundedText(limit: limits.text))
    }

    /// The worst result's words lead; those of others of its kind follow in the details.
    private mutating func keep(_ reason: Attempt.Reason, _ outcome: Outcome) {
        guard let texts, let known = texts.reason else {
            self.texts?.reason = reason
            self.texts?.reasonOutcome = outcome
            return
        }
        if outcome > texts.reasonOutcome {
            self.texts?.reason = reason
            self.texts?.reasonOutcome = outcome
        } else if outcome == texts.reasonOutcome {
            let more = [reason.message, reason.details].compactMap(\.self).joined(separator: "\n")
            let details = [known.details, more].compactMap(\.self).joined(separator: "\n")
            self.texts?.reason?.details = SafeText.Bounded.head(details, limit: 64 << 10).text
        }
    }
}

/// What `status` or `result` says of a case.
enum JUnitStatus {
    case none
    case notRun
    case failed
    case errored

    init(_ value: UnsafeBufferPointer<UInt8>) {
        switch value.count < 32 ? value.text.lowercased() : "" {
        case "notrun", "not run", "not_run", "not-run", "disabled", "suppressed", "skipped", "skip", "ignored",
            "pending":
            self = .notRun
        case "fail", "failed", "failure": self = .failed
        case "error", "errored": self = .errored
        default: self = .none
        }
    }
}

/// The attributes of a `<testcase>`, still as bytes of the parser.
private struct Fields {
    private var name = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private var className = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private var file = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private var line: UnsafeBufferPointer<UInt8>?
    private(set) var nanoseconds: Int64 = 0
    private(set) var status = JUnitStatus.none

    @inline(__always)
    init(_ element: XMLElement) {
        element.forEachAttribute { attribute, value in
            switch attribute {
            case .name: name = value
            case .classname, .class: className = value
            case .file, .filepath: file = value
            case .line, .lineno: line = value
            case .time, .duration: nanoseconds = ReportedSeconds.nanoseconds(value)
            case .status, .result:
                let status = JUnitStatus(value)
                if self.status != .notRun, status != .none { self.status = status }
            default: break
            }
        }
    }

    /// The same hash as `IdentityHash.of` makes of the test.
    func identity(path: UInt64) -> UInt64 {
        var hash = IdentityHash()
        hash.combine(path)
        hash.combine(file.part(0..<pathEnd))
        hash.combine(className)
        hash.combine(name)
        return hash.value
    }

    func test(path: [String], _ limits: ReportLimits) -> ReportedTest {
        let location = file.isEmpty ? nil : location(limits)
        return ReportedTest(
            suitePath: path, className: limits.name(className), name: limits.name(name), location: location,
            attempts: [])
    }

    /// The line is an attribute of its own or, with ExUnit, the end of the file's.
    private func location(_ limits: ReportLimits) -> SourceLocation {
        let end = pathEnd
        let digits = line?.trimmed ?? file.part(min(end + 1, file.count)..<file.count)
        return SourceLocation(file: limits.name(file.part(0..<end)), line: Int(digits.text))
    }

    /// Where in `file` a `:12` starts, else its end.
    private var pathEnd: Int {
        guard line == nil, let last = file.last, last >= 0x30, last <= 0x39 else { return file.count }
        var index = file.count - 1
        while index > 0, file[index] >= 0x30, file[index] <= 0x39 { index -= 1 }
        return index > 0 && file[index] == UInt8(ascii: ":") ? index : file.count
    }
}

/// Paths of attachments in a test's output and properties.
enum JUnitAttachments {
    private static let opening = "[[ATTACHMENT|"

    /// Those of `[[ATTACHMENT|path]]` in the order of the output, then those of properties called `attachment…`.
    static func paths(in output: String?, _ properties: [String: String], limit: Int) -> [String] {
        var paths: [String] = []
        var rest = (output ?? "")[...]
        while paths.count < limit, let start = rest.firstRange(of: opening) {
            rest = rest[start.upperBound...]
            guard let end = rest.firstRange(of: "]]"), rest[..<end.lowerBound].utf8.count < 4096 else { continue }
            let path = rest[..<end.lowerBound]
            if !path.contains("\n"), !path.isEmpty { paths.append(String(path)) }
            rest = rest[end.upperBound...]
        }
        let named = properties.filter { $0.key.hasPrefix("attachment") && !$0.value.isEmpty }
        return paths + named.sorted { $0.key < $1.key }.map(\.value)
    }
}
