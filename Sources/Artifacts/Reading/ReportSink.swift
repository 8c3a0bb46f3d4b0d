import CICore

/// Where the dialects put what they find: whole tests, or only their counts.
final class ReportSink {
    let limits: ReportLimits
    /// Whether texts are wanted; otherwise `count` is enough.
    let keepsTests: Bool
    private(set) var outline: ReportOutline
    private(set) var tally: TestTally
    private let each: (ReportedTest) -> Void
    private static let warningLimit = 20

    /// - Parameters:
    ///   - format: as asked for or detected.
    ///   - limits: what is kept of texts.
    ///   - temporaryDirectory: for counts that outgrow memory.
    ///   - each: gets every test; `nil` counts them only.
    init(
        format: ReportFormat, limits: ReportLimits, temporaryDirectory: String = "/tmp",
        each: ((ReportedTest) -> Void)?
    ) {
        tally = TestTally(temporaryDirectory: temporaryDirectory)
        outline = ReportOutline(format: format)
        self.limits = limits
        keepsTests = each != nil
        self.each = each ?? { _ in }
    }

    /// Takes one test.
    func take(_ test: ReportedTest) {
        outline.tests += 1
        outline.duration += test.attempts.last?.duration ?? .zero
        if keepsTests { return each(test) }
        var isFlaky = false
        if test.attempts.count > 1 { isFlaky = test.attempts.contains { $0.outcome.isFailure } }
        tally.add(
            CountedTest(
                identity: IdentityHash.of(test), outcome: test.outcome, hasFailed: isFlaky,
                attempts: test.attempts.count))
    }

    /// Takes one test of which nothing but the count is wanted.
    func count(_ test: CountedTest, nanoseconds: Int64) {
        outline.tests += 1
        outline.duration += .nanoseconds(nanoseconds)
        tally.add(test)
    }

    /// Takes the attributes of a suite that holds no tests.
    func declare(_ totals: Totals) { outline.declared.add(totals) }

    /// The root element says what the format really is.
    func found(_ format: ReportFormat) { outline.format = format }

    /// Says what is wrong; the same sentence counts once.
    func warn(_ sentence: String) {
        guard outline.warnings.count < Self.warningLimit, !outline.warnings.contains(sentence) else { return }
        outline.warnings.append(sentence)
    }
}
