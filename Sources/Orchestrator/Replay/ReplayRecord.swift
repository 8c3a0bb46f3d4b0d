import Artifacts
package import CICore

/// What a node ran, in the order in which it began, with all that dt-ci and the configuration told its processes.
///
/// Values of secret variables are never in it, only their names.
package struct ReplayRecord: Sendable, Hashable {
    /// What the processes saw as `DTCI_RUN_ID`.
    package var run: RunID
    package var slots: Int
    package var suites: [SuiteEnvironment]
    package var batches: [Batch]

    package init(run: RunID, slots: Int, suites: [SuiteEnvironment], batches: [Batch]) {
        self.run = run
        self.slots = slots
        self.suites = suites
        self.batches = batches
    }

    /// What the configuration set for one suite's processes.
    package struct SuiteEnvironment: Sendable, Hashable {
        package var name: SuiteName
        package var runner: RunnerID
        package var variables: [String: String]
        /// Names of variables whose values nobody keeps.
        package var secrets: [String]

        package init(name: SuiteName, runner: RunnerID, variables: [String: String], secrets: [String] = []) {
            self.name = name
            self.runner = runner
            self.variables = variables
            self.secrets = secrets
        }

        init(of suite: Suite) {
            let (secret, plain) = (
                suite.environment.filter { Suite.isNameOfSecret($0.key) },
                suite.environment.filter { !Suite.isNameOfSecret($0.key) }
            )
            self.init(name: suite.name, runner: suite.runner, variables: plain, secrets: secret.keys.sorted())
        }
    }

    /// One invocation of a runner.
    package struct Batch: Sendable, Hashable {
        /// With its units as they were run.
        package var batch: QueuedBatch
        package var slot: Int

        package init(_ batch: QueuedBatch, slot: Int) {
            self.batch = batch
            self.batch.refinement = nil
            self.slot = slot
        }
    }

    /// What a run has served; `timeline` tells the order of the beginnings.
    package init(run: RunID, slots: Int, suites: [PreparedSuite], served: [Batch], timeline: [BatchSpan]) {
        let order = Dictionary(timeline.enumerated().map { ($1.batch, $0) }) { first, _ in first }
        self.init(
            run: run, slots: slots, suites: suites.map { SuiteEnvironment(of: $0.suite) },
            batches: served.enumerated().sorted { left, right in
                (order[left.element.batch.id] ?? .max, left.offset) < (
                    order[right.element.batch.id] ?? .max, right.offset
                )
            }.map(\.element))
    }
}
