import CICore

extension ReportFormat {
    /// Test Anything Protocol, versions 12 to 14: prove, bats, node, tap, pgTAP.
    package static let tap = ReportFormat(
        "tap", title: "TAP",
        .lines(
            LineGrammar(
                recognises: { line in
                    line.withUnsafeBufferPointer { bytes in
                        bytes.hasPrefix("TAP version ") || TAPResult(bytes.trimmed) != nil
                            || TAPPlan(bytes.trimmed) != nil
                    }
                },
                dialect: { TAPDialect(sink: $0) })))
}

/// Results with their YAML and comments, in subtests of any depth.
final class TAPDialect: LineDialect {
    private let sink: ReportSink
    /// The streams within each other; the last one is the deepest that is open.
    private var levels = [Level(indent: 0, name: nil)]
    private var yaml: TAPDiagnostics?
    private var isOver = false

    /// One stream of results.
    private struct Level {
        var indent: Int
        var name: String?
        var plan: TAPPlan?
        var results = 0
        var tests = 0
        var failures = 0
        /// A result that waits for what is said about it.
        var open: TAPResult?
        var comments = ""
        /// The name in a `# Subtest:` line that was not used yet.
        var announced: String?
    }

    init(sink: ReportSink) { self.sink = sink }

    func line(_ bytes: UnsafeBufferPointer<UInt8>) {
        let indent = bytes.prefix { $0 == UInt8(ascii: " ") }.count
        let words = bytes.part(indent..<bytes.count)
        if yaml != nil, keepYAML(words, indent) { return }
        guard !words.isEmpty, !isOver else { return }
        if words.hasPrefix("---"), levels[levels.count - 1].open != nil {
            yaml = TAPDiagnostics(indent: indent, limits: sink.limits)
        } else if words.hasPrefix("Bail out!") {
            bailOut(words.part(9..<words.count).trimmed.text)
        } else if words.hasPrefix("#") {
            comment(words, indent)
        } else if let plan = TAPPlan(words) {
            enter(indent)
            levels[levels.count - 1].plan = plan
        } else if let result = TAPResult(words) {
            take(result, indent)
        }
    }

    func finish() {
        if yaml != nil { endYAML() }
        while levels.count > 1 { leave(isComplete: false) }
        closeOpen()
        let level = levels[0]
        guard !isOver else { return }
        if let plan = level.plan, plan.count > level.results {
            let message = "\(plan.count) tests were planned, \(level.results) ran"
            sink.warn(message)
            hand("(plan)", Attempt(outcome: .errored, reason: Attempt.Reason(message: message)))
        } else if let plan = level.plan, plan.count == 0, level.results == 0 {
            sink.warn("all skipped" + (plan.reason.isEmpty ? "" : ": \(SafeText.line(plan.reason))"))
        }
    }

    // MARK: - Levels

    /// Goes to the stream at this depth: into a new one, or out of those that are over.
    private func enter(_ indent: Int) {
        while levels.count > 1, indent < levels[levels.count - 1].indent { leave(isComplete: true) }
        let last = levels.count - 1
        guard indent > levels[last].indent + 1 else { return }
        let name = levels[last].announced
        closeOpen()
        levels[last].announced = nil
        levels.append(Level(indent: indent, name: name))
    }

    /// Ends the deepest stream; its counts go to the one around it, whose next result says how it ended.
    private func leave(isComplete: Bool) {
        closeOpen()
        guard let level = levels.popLast() else { return }
        let missing = (level.plan?.count ?? 0) - level.results
        let last = levels.count - 1
        levels[last].announced = nil
        levels[last].tests += level.tests
        levels[last].failures += level.failures
        inner = Inner(tests: level.tests, failures: level.failures, missing: isComplete ? max(0, missing) : 0)
        if !isComplete, last == 0 { sink.warn("truncated: a subtest has no end") }
    }

    /// What the subtest before a result came to.
    private struct Inner {
        var tests: Int
        var failures: Int
        var missing: Int
    }

    private var inner: Inner?

    private func take(_ result: TAPResult, _ indent: Int) {
        enter(indent)
        let last = levels.count - 1
        let subtest = inner
        inner = nil
        closeOpen()
        levels[last].results += 1
        levels[last].announced = nil
        if let subtest, subtest.tests > 0 {
            guard result.outcome.isFailure, subtest.failures == 0 else { return }
            var failed = result
            failed.note = "the subtest failed though none of its tests did"
            levels[last].open = failed
        } else {
            levels[last].open = result
        }
    }

    private func closeOpen() {
        let last = levels.count - 1
        guard let result = levels[last].open else { return }
        levels[last].open = nil
        let comments = levels[last].comments
        levels[last].comments = ""
        levels[last].tests += 1
        if result.outcome.isFailure { levels[last].failures += 1 }
        hand(
            result.name, result.attempt(comments: comments),
            location: result.location ?? TAPDiagnostics.batsPlace(comments))
    }

    private func hand(_ name: String, _ attempt: Attempt, location: SourceLocation? = nil) {
        sink.take(
            ReportedTest(
                suitePath: levels.compactMap(\.name), name: name, location: location, attempts: [attempt]))
    }

    private func comment(_ words: UnsafeBufferPointer<UInt8>, _ indent: Int) {
        let text = words.part(1..<words.count).trimmed
        if text.hasPrefix("Subtest") {
            let colon = text.firstIndex(of: UInt8(ascii: ":"))
            enter(indent)
            closeOpen()
            levels[levels.count - 1].announced = colon.map {
                sink.limits.name(text.part(($0 + 1)..<text.count).trimmed)
            }
            return
        }
        guard levels[levels.count - 1].open != nil, levels[levels.count - 1].comments.utf8.count < sink.limits.text
        else {
            return
        }
        levels[levels.count - 1].comments += sink.limits.text(words.part(1..<words.count)) + "\n"
    }

    private func bailOut(_ reason: String) {
        while levels.count > 1 { leave(isComplete: true) }
        closeOpen()
        isOver = true
        let message = reason.isEmpty ? "Bail out!" : "Bail out! \(SafeText.line(reason))"
        hand("(bail out)", Attempt(outcome: .errored, reason: Attempt.Reason(message: message)))
    }

    // MARK: - YAML

    /// Whether the line belonged to the diagnostics.
    private func keepYAML(_ words: UnsafeBufferPointer<UInt8>, _ indent: Int) -> Bool {
        guard let open = yaml else { return false }
        if indent == open.indent, words.hasPrefix("...") {
            endYAML()
            return true
        }
        guard indent >= open.indent || words.isEmpty else {
            endYAML()
            return false
        }
        yaml?.append(words, indent: indent)
        return true
    }

    private func endYAML() {
        if let yaml { levels[levels.count - 1].open?.diagnostics = yaml }
        yaml = nil
    }
}
