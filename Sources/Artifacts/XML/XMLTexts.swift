import CICore

/// What the dialects with texts in elements share: one text at a time, collected between a start and an end tag.
struct XMLTexts {
    private var open: BoundedText?
    private let limit: Int

    init(limits: ReportLimits) { limit = limits.text }

    /// From here on text is kept.
    mutating func start() { open = BoundedText(limit: limit) }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) { open?.append(bytes) }

    /// What was kept since `start`, without white space around it; `nil` if that is nothing.
    mutating func take() -> String? {
        defer { open = nil }
        guard let open, !open.isEmpty else { return nil }
        var copy = open.text
        let trimmed = copy.withUTF8 { $0.trimmed.text }
        return trimmed.isEmpty ? nil : trimmed
    }
}

/// A test of one of the .NET formats while its elements come in.
struct OpenTest {
    var test: ReportedTest
    var outcome: Outcome
    var duration: Duration
    var reason = Attempt.Reason()
    var output = ""

    /// The finished test.
    func finished(limits: ReportLimits) -> ReportedTest {
        var test = test
        let hasReason = reason.type != nil || reason.message != nil || reason.details != nil
        let text = output.isEmpty ? nil : SafeText.Bounded.head(output, limit: limits.text).text
        test.attempts = [
            Attempt(
                outcome: outcome, duration: duration, reason: outcome == .passed || !hasReason ? nil : reason,
                output: text)
        ]
        return test
    }

    mutating func append(output more: String?) {
        guard let more else { return }
        output += output.isEmpty ? more : "\n" + more
    }

    /// The file ends within this test.
    mutating func breakOff() {
        outcome = .errored
        reason = Attempt.Reason(message: "the report breaks off within this test")
    }
}

extension XMLElement {
    /// A time attribute.
    func time(_ name: XMLName) -> Duration {
        .nanoseconds(value(name).map { ReportedSeconds.nanoseconds($0) } ?? 0)
    }

    /// A name attribute, empty where there is none.
    func name(_ name: XMLName, _ limits: ReportLimits) -> String { value(name).map { limits.name($0) } ?? "" }
}
