package import CICore
package import SystemPackage

/// Writes one JUnit file that Jenkins, GitLab, Azure Pipelines, CircleCI and ReportPortal import: flat suites, no empty
/// ones, messages repeated in the bodies (GitLab and CircleCI show only those), further attempts as Surefire writes them.
package struct JUnitWriter {
    private let results: RunResults
    static let pieceSize = 64 << 10

    /// Takes the tests of these results; quarantined ones that failed are written as skipped, with their words.
    package init(_ results: RunResults) { self.results = results }

    /// Replaces a file in one step.
    ///
    /// - Throws: `FileError` where it cannot be written.
    package func write(to path: FilePath) throws(FileError) {
        var file = try AtomicFile(path)
        try write { piece throws(FileError) in try file.append(piece) }
        try file.commit()
    }

    /// Hands the document over in pieces.
    package func write<Failure: Error>(_ piece: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
        var output = XMLOutput()
        let suites = grouped()
        Self.open(counts: Counts(results.tests.lazy.map(shown)), of: &output)
        for suite in suites {
            Self.open(suite: suite.name, counts: Counts(suite.tests.lazy.map(shown)), of: &output)
            for test in suite.tests {
                Self.append(test, isExcused: isExcused(test), to: &output)
                if output.bytes.count >= Self.pieceSize { try piece(output.drain()) }
            }
            output.raw("  </testsuite>\n")
        }
        output.raw("</testsuites>\n")
        try piece(output.drain())
    }

    private struct Suite {
        var name: SuiteName
        var tests: [TestRecord]
    }

    /// What a suite, or all of them, came to.
    struct Counts {
        var totals = Totals()
        var duration = Duration.zero

        init(_ tests: some Sequence<(outcome: Outcome, duration: Duration)>) {
            for test in tests {
                totals.add(tests: 1, outcome: test.outcome)
                duration += test.duration
            }
        }
    }

    /// In the order in which the suites first come.
    private func grouped() -> [Suite] {
        var suites: [Suite] = []
        var places: [SuiteName: Int] = [:]
        for test in results.tests {
            let name = test.identity.suite
            if let place = places[name] {
                suites[place].tests.append(test)
            } else {
                places[name] = suites.count
                suites.append(Suite(name: name, tests: [test]))
            }
        }
        return suites
    }

    private func shown(_ test: TestRecord) -> (outcome: Outcome, duration: Duration) {
        (isExcused(test) ? .skipped : test.outcome, test.duration)
    }

    private func isExcused(_ test: TestRecord) -> Bool {
        test.outcome.isFailure && results.isQuarantined(test.id)
    }

    /// The start of the document.
    static func open(counts: Counts, of output: inout XMLOutput) {
        output.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites")
        append(counts: counts, to: &output)
        output.raw(">\n")
    }

    /// The start of a suite.
    static func open(suite: SuiteName, counts: Counts, of output: inout XMLOutput) {
        output.raw("  <testsuite")
        output.attribute("name", suite.rawValue)
        append(counts: counts, to: &output)
        output.raw(">\n")
    }

    /// One case as it stands in its suite.
    static func testcase(_ test: TestRecord, isExcused: Bool) -> [UInt8] {
        var output = XMLOutput()
        append(test, isExcused: isExcused, to: &output)
        return output.drain()
    }

    private static func append(counts: Counts, to output: inout XMLOutput) {
        output.attribute("tests", counts.totals.tests)
        output.attribute("failures", counts.totals.failed)
        output.attribute("errors", counts.totals.errored)
        output.attribute("skipped", counts.totals.skipped)
        output.attribute("time", counts.duration)
    }

    // MARK: - Cases

    private static func append(_ test: TestRecord, isExcused: Bool, to output: inout XMLOutput) {
        let story = Story(test)
        output.raw("    <testcase")
        output.attribute("classname", test.identity.className)
        output.attribute("name", test.identity.name)
        output.attribute("time", story.own.duration)
        if let location = test.identity.location {
            output.attribute("file", location.file)
            if let line = location.line { output.attribute("line", line) }
        }
        output.raw(">")
        append(result: story.own, isExcused: isExcused, to: &output)
        for attempt in story.others { append(attempt, isFlaky: story.own.outcome == .passed, to: &output) }
        append(outputOf: story.own, attachments: test.attachments, to: &output)
        output.raw("</testcase>\n")
    }

    /// Which attempt is the case's own, and which ones are told beside it.
    private struct Story {
        var own: Attempt
        var others: [Attempt]

        /// Of a test that passed the last pass and all failures, of one that failed the first failure and the others.
        init(_ test: TestRecord) {
            let failures = test.attempts.filter(\.outcome.isFailure)
            let outcome = test.outcome
            if outcome.isFailure, let first = failures.first {
                own = first
                others = Array(failures.dropFirst())
            } else {
                own = test.deciding ?? Attempt(outcome: outcome)
                others = failures
            }
        }
    }

    private static func append(result attempt: Attempt, isExcused: Bool, to output: inout XMLOutput) {
        switch attempt.outcome {
        case .passed: return
        case .skipped: output.raw("<skipped")
        case _ where isExcused: output.raw("<skipped")
        case .failed: output.raw("<failure")
        case .errored: output.raw("<error")
        }
        var reason = attempt.reason ?? Attempt.Reason()
        if isExcused { reason.message = "quarantined, it \(attempt.outcome.rawValue): \(reason.message ?? "")" }
        append(reason, to: &output)
        output.raw(">")
        output.text(body(of: reason))
        switch attempt.outcome {
        case .skipped: output.raw("</skipped>")
        case _ where isExcused: output.raw("</skipped>")
        case .errored: output.raw("</error>")
        default: output.raw("</failure>")
        }
    }

    private static func append(_ attempt: Attempt, isFlaky: Bool, to output: inout XMLOutput) {
        let name: StaticString =
            switch (isFlaky, attempt.outcome) {
            case (true, .errored): "flakyError"
            case (true, _): "flakyFailure"
            case (false, .errored): "rerunError"
            case (false, _): "rerunFailure"
            }
        let reason = attempt.reason ?? Attempt.Reason()
        output.raw("<")
        output.raw(name)
        append(reason, to: &output)
        output.attribute("time", attempt.duration)
        output.raw("><stackTrace>")
        output.text(body(of: reason))
        output.raw("</stackTrace>")
        if let text = attempt.output {
            output.raw("<system-out>")
            output.text(text)
            output.raw("</system-out>")
        }
        output.raw("</")
        output.raw(name)
        output.raw(">")
    }

    private static func append(_ reason: Attempt.Reason, to output: inout XMLOutput) {
        if let message = reason.message { output.attribute("message", message, limit: 32 << 10) }
        if let type = reason.type { output.attribute("type", type) }
    }

    /// The details, the message before them unless they hold it.
    private static func body(of reason: Attempt.Reason) -> String {
        guard let message = reason.message else { return reason.details ?? "" }
        guard let details = reason.details else { return message }
        return details.contains(message) ? details : "\(message)\n\(details)"
    }

    /// Attachments go into the output as Jenkins and GitLab look for them.
    private static func append(outputOf attempt: Attempt, attachments: [String], to output: inout XMLOutput) {
        let known = attempt.output ?? ""
        let missing = attachments.map { "[[ATTACHMENT|\($0)]]" }.filter { !known.contains($0) }
        guard attempt.output != nil || !missing.isEmpty else { return }
        output.raw("<system-out>")
        output.text(known)
        for line in missing { output.text("\n\(line)") }
        output.raw("</system-out>")
    }
}
