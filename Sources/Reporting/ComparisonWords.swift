package import CICore

/// The sentences about what is different from an earlier run, for every rendering.
package struct ComparisonWords: Sendable {
    private let comparison: Comparison

    package init(_ comparison: Comparison) { self.comparison = comparison }

    /// `compared with main at 0123456789 of 2026-02-28, where this branch began`
    package var baseline: String {
        let point = comparison.point
        let branch = point.branch.map { " \(SafeText.line($0, limit: 100))" } ?? " the last run"
        let commit = point.commit.map { " at \(Self.short($0))" } ?? ""
        let why =
            switch point.choice {
            case .mergeBase: ", where this branch began"
            case .branch: ""
            case .file: ", from a file"
            case .comment: ", as the comment on the pull request has it"
            }
        return "compared with\(branch)\(commit) of \(Timestamp.day(point.at))\(why)"
    }

    /// `3 new failures, 2 still failing, 1 fixed`; empty where nothing is different.
    package var counts: String {
        let new = comparison.newFailures.count
        return [
            (new, new == 1 ? "new failure" : "new failures"), (comparison.stillFailing.count, "still failing"),
            (comparison.fixed.count, "fixed"), (comparison.newlySkipped.count, "newly skipped"),
            (comparison.removed.count, "removed"), (comparison.slower.count, "slower"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }

    /// `failing since 0123456789 of 2026-02-28, 4 runs`; `nil` for a test that is no old failure.
    package func standing(of test: TestID) -> String? {
        guard let standing = comparison.stillFailing[test] else { return nil }
        let commit = standing.commit.map { "\(Self.short($0)) of " } ?? ""
        return "failing since \(commit)\(Timestamp.day(standing.at)), \(standing.runs) runs"
    }

    /// `1.20 s, before 0.40 s`
    package static func change(_ slower: Comparison.Slower) -> String {
        "\(DurationText.short(slower.now)), before \(DurationText.short(slower.before))"
    }

    private static func short(_ commit: String) -> String { String(commit.prefix(10)) }
}
