import CICore

/// A test as Azure's test runs take it.
struct AzureTestResult {
    private let test: TestRecord
    private let isQuarantined: Bool
    /// Characters of a comment, a message and a stack trace, by the API's description.
    private static let textLimit = 1_000
    /// Attempts that are listed; a test that is tried more often is shown with the last ones.
    private static let attempts = 100

    init(_ test: TestRecord, in results: RunResults) {
        self.test = test
        isQuarantined = results.isQuarantined(test.id)
    }

    /// Why the test failed, where the result holds only part of it; `nil` otherwise.
    var wholeText: String? {
        guard test.outcome.isFailure, let reason = test.deciding?.reason else { return nil }
        let texts = [reason.message, reason.details, test.deciding?.output].compactMap(\.self)
        guard texts.contains(where: { $0.utf8.count > Self.textLimit }) else { return nil }
        return SafeText.block(texts.joined(separator: "\n\n"), limit: 1 << 20)
    }

    func write(_ writer: inout JSONWriter, machine: String?) {
        let identity = test.identity
        let title = SummaryText.line(identity.name, units: 256)
        let fullName = identity.className.isEmpty ? identity.name : "\(identity.className).\(identity.name)"
        writer.object { writer in
            writer.member("testCaseTitle", title)
            writer.member("automatedTestName", SummaryText.line(fullName, units: 256))
            writer.member("automatedTestStorage", SummaryText.line(identity.suite.rawValue, units: 256))
            writer.member("automatedTestType", "JUnit")
            writer.member("state", "Completed")
            if let machine {
                writer.member("computerName", machine)
            }
            if !remark.isEmpty {
                writer.member("comment", remark)
            }
            if let attempt = test.deciding {
                writer.member("durationInMs", Double(attempt.duration.microseconds) / 1_000)
                Self.write(attempt, &writer)
            }
            if test.attempts.count > 1 { writeAttempts(title, &writer) }
        }
    }

    private var remark: String {
        var parts: [String] = []
        if test.isFlaky { parts.append("flaky: passed in attempt \(test.attempts.count)") }
        if isQuarantined { parts.append("quarantined: its failure does not count") }
        return parts.joined(separator: "; ")
    }

    private func writeAttempts(_ title: String, _ writer: inout JSONWriter) {
        writer.member("resultGroupType", "rerun")
        writer.key("subResults")
        let numbered = Array(test.attempts.enumerated().suffix(Self.attempts))
        writer.array(numbered) { writer, attempt in
            writer.object { writer in
                writer.member("displayName", "Attempt \(attempt.offset + 1)")
                writer.member("sequenceId", attempt.offset + 1)
                // Of a result it may have a fraction, of one of its attempts not.
                writer.member("durationInMs", Int(attempt.element.duration.microseconds / 1_000))
                Self.write(attempt.element, &writer)
            }
        }
    }

    private static func write(_ attempt: Attempt, _ writer: inout JSONWriter) {
        writer.member("outcome", word(for: attempt.outcome))
        guard let reason = attempt.reason else { return }
        let type = reason.type.map { reason.message == nil ? $0 : "\($0): " } ?? ""
        writer.member("errorMessage", SummaryText.line(type + (reason.message ?? ""), units: textLimit))
        guard let details = reason.details else { return }
        writer.key("stackTrace")
        // The line that says how much was left out comes on top.
        writer.value(SafeText.block(details, limit: textLimit - 60))
    }

    /// `Error` exists too, but the build's page counts it among neither the passed nor the failed.
    private static func word(for outcome: Outcome) -> String {
        switch outcome {
        case .passed: "Passed"
        case .skipped: "NotExecuted"
        case .failed, .errored: "Failed"
        }
    }
}
