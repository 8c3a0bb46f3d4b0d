package import TestHistory

/// A suite with what runs it and what is known of it.
package struct SuiteWork: Sendable {
    package var suite: Suite
    package var runner: any TestRunner
    package var durations: DurationModel

    package init(suite: Suite, runner: any TestRunner, durations: DurationModel? = nil) {
        self.suite = suite
        self.runner = runner
        self.durations = durations ?? .empty(suite: suite.name)
    }

    /// As planning left it.
    package init(_ prepared: PreparedSuite) {
        self.init(suite: prepared.suite, runner: prepared.runner, durations: prepared.estimates.model)
    }

    /// What a run's decisions must respect.
    package var rules: RunState.SuiteRules {
        RunState.SuiteRules(
            retries: suite.policy.retries, canSelectTests: runner.profile.canSelectTests,
            limits: .init(slots: suite.policy.slots, isSerial: suite.policy.isSerial))
    }
}
