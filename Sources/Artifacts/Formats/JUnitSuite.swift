import CICore

/// One open `<testsuite>` or `<testsuites>`.
struct JUnitSuite {
    /// Empty for `<testsuites>`, whose name is the run's, and where only counts are wanted.
    private(set) var name = ""
    /// The hash of the path down to here.
    private(set) var pathHash: UInt64
    /// What its attributes say; `nil` where they say nothing.
    private(set) var declared: Totals?
    /// What went wrong in the suite itself, outside of its tests.
    private(set) var problem: Attempt.Reason?
    var hasTests = false
    var hasSuites = false
    var hasFailures = false
    private var isInResult = false

    init(_ element: XMLElement, in parent: JUnitSuite?, limits: ReportLimits, keepsNames: Bool) {
        pathHash = parent?.pathHash ?? IdentityHash.root
        if element.name == .testsuite, let value = element.value(.name), !value.isEmpty {
            pathHash = IdentityHash.below(pathHash, value)
            name = limits.name(value)
        }
        declared = Self.declaration(element)
    }

    /// The name for messages.
    var title: String { name.isEmpty ? "(unnamed)" : SafeText.line(name, limit: 200) }

    mutating func startResult(_ element: XMLElement, _ limits: ReportLimits) {
        isInResult = true
        guard problem == nil else { return }
        problem = Attempt.Reason(type: element.text(.type, limits), message: element.text(.message, limits))
    }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: ReportLimits) {
        guard isInResult, problem != nil else { return }
        let text = (problem?.details ?? "") + bytes.text
        problem?.details = SafeText.Bounded.head(text, limit: limits.text).text
    }

    mutating func endResult() {
        isInResult = false
        guard let details = problem?.details, details.allSatisfy(\.isWhitespace) else { return }
        problem?.details = nil
    }

    /// Never negative, never more failures than tests.
    private static func declaration(_ element: XMLElement) -> Totals? {
        func count(_ names: XMLName...) -> Int {
            names.reduce(0) { $0 + min(max(0, element.number($1) ?? 0), 1_000_000_000) }
        }
        let tests = count(.tests)
        guard tests > 0 else { return nil }
        var left = tests
        var totals = Totals()
        for (outcome, wanted) in [
            (Outcome.errored, count(.errors)), (.failed, count(.failures)), (.skipped, count(.skipped, .disabled)),
        ] {
            let taken = min(left, wanted)
            totals.add(tests: taken, outcome: outcome)
            left -= taken
        }
        totals.add(tests: left, outcome: .passed)
        return totals
    }
}
