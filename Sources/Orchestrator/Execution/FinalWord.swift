import CICore

/// The end of every precedence of exit codes: what tests alone make of a run that nothing ended early.
struct FinalWord {
    /// Tests that count for nothing are in none of the numbers but `ran`.
    struct Facts {
        var failed = 0
        var flaky = 0
        /// Skipped and quarantined ones included.
        var ran = 0
        var isBroken = false
        /// About quarantine entries that no longer hold.
        var expired: String?
        var failsOnFlaky = false
        var empty = RunSettings.EmptyPolicy.error
    }

    let facts: Facts

    /// A broken build or collection, failed tests, an expired quarantine entry, nothing ran, only flaky.
    var word: (code: ExitCode, reason: String) {
        if facts.isBroken { return (.collectionFailed, "tests could not be built or collected") }
        if facts.failed > 0 { return (.testsFailed, "\(counted(facts.failed, "test")) failed") }
        if let expired = facts.expired { return (.testsFailed, expired) }
        if facts.ran == 0 { return (facts.empty == .error ? .nothingRan : .passed, "no test was found") }
        if facts.flaky > 0, facts.failsOnFlaky {
            return (.onlyFlaky, "\(counted(facts.flaky, "test")) passed only after failing")
        }
        return (.passed, facts.flaky > 0 ? "passed, \(facts.flaky) flaky" : "passed")
    }

    /// What is said of entries that no longer hold; `nil` if all do.
    static func sentence(onExpired entries: [Quarantine.Entry]) -> String? {
        guard let entry = entries.first else { return nil }
        let others = entries.count - 1
        return "the quarantine of \(entry.test) by \(entry.owner) expired on \(entry.expires)"
            + (others > 0 ? ", and \(counted(others, "other entry", "other entries")) too" : "")
    }
}

extension Quarantine {
    /// A sentence about the entries that no longer hold; `nil` if all do.
    package func expiry(on day: CalendarDay) -> String? { FinalWord.sentence(onExpired: expired(on: day)) }
}
