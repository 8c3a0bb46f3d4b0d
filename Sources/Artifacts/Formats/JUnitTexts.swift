import CICore

/// What one `<testcase>` is called and what is said in it, while its elements come in.
final class JUnitTexts {
    private var test: ReportedTest
    /// Failed attempts beside the case's own result: before it where it passed, after it where it failed.
    private var attempts: [Attempt] = []
    private var reason: Attempt.Reason?
    private var reasonOutcome = Outcome.passed
    private var current: OpenResult?
    private var output: BoundedText
    private let limits: ReportLimits

    /// A result or attempt whose end tag is to come.
    private struct OpenResult {
        var outcome: Outcome
        var isAttempt: Bool
        var nanoseconds: Int64
        var reason: Attempt.Reason
        var details: BoundedText
        var output: BoundedText
    }

    init(_ test: ReportedTest, _ limits: ReportLimits) {
        self.test = test
        self.limits = limits
        output = BoundedText(limit: limits.text)
    }

    /// Whether text belongs to a result that is still open.
    var isInResult: Bool { current != nil }

    /// A result or attempt starts; one that is still open ends with that.
    func open(_ element: XMLElement, _ outcome: Outcome, isAttempt: Bool) {
        endResult()
        guard !isAttempt || attempts.count < limits.items else { return }
        current = OpenResult(
            outcome: outcome, isAttempt: isAttempt,
            nanoseconds: element.value(.time).map { ReportedSeconds.nanoseconds($0) } ?? 0,
            reason: Attempt.Reason(type: element.text(.type, limits), message: element.text(.message, limits)),
            details: BoundedText(limit: limits.text), output: BoundedText(limit: limits.text))
    }

    func append(details bytes: UnsafeBufferPointer<UInt8>) { current?.details.append(bytes) }

    /// A further output of the case starts on a line of its own.
    func startOutput() {
        if current == nil, !output.isEmpty { output.append("\n") }
    }

    /// Of the attempt that is open, else of the case.
    func append(output bytes: UnsafeBufferPointer<UInt8>) {
        if current != nil { current?.output.append(bytes) } else { output.append(bytes) }
    }

    func append(property name: String, _ value: UnsafeBufferPointer<UInt8>) {
        guard test.properties.count < limits.items || test.properties[name] != nil else { return }
        let text = (test.properties[name] ?? "") + limits.name(value)
        test.properties[name] = SafeText.Bounded.head(text, limit: limits.name).text
    }

    func endResult() {
        guard let open = current else { return }
        current = nil
        var reason = open.reason
        let details = open.details.text
        // A body that only repeats the message says nothing more.
        if !details.allSatisfy(\.isWhitespace), details != reason.message { reason.details = details }
        guard open.isAttempt else { return keep(reason, open.outcome) }
        attempts.append(
            Attempt(
                outcome: open.outcome, duration: .nanoseconds(open.nanoseconds), reason: reason,
                output: open.output.isEmpty ? nil : open.output.text))
    }

    /// The test with its attempts in order.
    func finished(outcome: Outcome, duration: Duration, instead: Attempt.Reason?) -> ReportedTest {
        // In malformed XML the end tag of a result can be missing.
        endResult()
        let text = output.isEmpty ? nil : output.text
        let reason = instead ?? (outcome == .passed ? nil : reason)
        let own = Attempt(outcome: outcome, duration: duration, reason: reason, output: text)
        test.attempts = outcome.isFailure ? [own] + attempts : attempts + [own]
        test.attachments = JUnitAttachments.paths(in: text, test.properties, limit: limits.items)
        return test
    }

    /// The worst result's words lead; those of others of its kind follow in the details.
    private func keep(_ words: Attempt.Reason, _ outcome: Outcome) {
        guard let known = reason, outcome <= reasonOutcome else {
            reason = words
            reasonOutcome = outcome
            return
        }
        guard outcome == reasonOutcome else { return }
        let more = [words.message, words.details].compactMap(\.self).joined(separator: "\n")
        let details = [known.details, more].compactMap(\.self).joined(separator: "\n")
        reason?.details = SafeText.Bounded.head(details, limit: limits.text).text
    }
}
