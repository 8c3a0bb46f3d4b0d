package import CICore
import SystemPackage

/// The variables that every batch's process gets on top of what dt-ci itself was given.
///
/// dt-ci has already cut the work, so the sharding variables of other tools are set to "one shard of one": a runner
/// that honours them would otherwise run a part of the batch only. `DTCI_*` variables that are options of dt-ci are
/// taken out, so that a test suite that calls dt-ci starts from its own settings.
package struct ChildEnvironment: Sendable {
    /// The names that dt-ci exports; none of them is an option.
    package static let exported = [
        "DTCI_RUN_ID", "DTCI_BATCH_ID", "DTCI_SUITE_NAME", "DTCI_SLOT_INDEX", "DTCI_SLOT_TOTAL", "DTCI_ATTEMPT",
        "DTCI_RESULTS_DIRECTORY",
    ]

    /// What dt-ci itself was started with.
    package var inherited: [String: String]
    package var run: RunID
    package var slots: Int

    package init(inherited: [String: String], run: RunID, slots: Int) {
        self.inherited = inherited.filter { !$0.key.hasPrefix("DTCI_") }
        self.run = run
        self.slots = slots
    }

    /// The environment of one batch: inherited, then ours, then the suite's; the invocation's own goes over it.
    package func environment(
        for batch: QueuedBatch, suite: Suite, place: BatchPlace, slot: Int
    ) -> [String: String] {
        inherited
            .merging(exports(for: batch, suite: suite, place: place, slot: slot)) { $1 }
            .merging(suite.environment) { $1 }
    }

    private func exports(for batch: QueuedBatch, suite: Suite, place: BatchPlace, slot: Int) -> [String: String] {
        [
            "DTCI_RUN_ID": run.rawValue,
            "DTCI_BATCH_ID": batch.id.rawValue,
            "DTCI_SUITE_NAME": suite.name.rawValue,
            "DTCI_SLOT_INDEX": String(slot),
            "DTCI_SLOT_TOTAL": String(slots),
            "DTCI_ATTEMPT": String(batch.attempt),
            "DTCI_RESULTS_DIRECTORY": place.results.string,
            "TMPDIR": place.temporary.string,
            "TEST_TMPDIR": place.temporary.string,
            "TEST_UNDECLARED_OUTPUTS_DIR": place.results.string,
            "TEST_TOTAL_SHARDS": "1", "TEST_SHARD_INDEX": "0",
            "GTEST_TOTAL_SHARDS": "1", "GTEST_SHARD_INDEX": "0",
            // parallel_tests' convention: empty for the first process, then 2, 3, …
            "TEST_ENV_NUMBER": slot == 0 ? "" : String(slot + 1),
            "PARALLEL_TEST_GROUPS": String(slots),
        ]
    }
}
