/// What is known of a test beside what it did in this run.
package struct TestBackground: Sendable, Hashable {
    /// What it came to in the runs before this one that executed or skipped it, oldest first.
    package var past: [PastOutcome]
    /// The runner's own command that runs it alone: one line for a POSIX shell, quoted, from the root of the tree. `nil`
    /// where the runner has none.
    package var command: String?
    /// Who answers for its file, as `CODEOWNERS` names them: hostile like everything in the tree.
    package var owners: [String]

    package init(past: [PastOutcome] = [], command: String? = nil, owners: [String] = []) {
        self.past = past
        self.command = command
        self.owners = owners
    }

    /// What a test came to in one earlier run.
    package enum PastOutcome: String, Sendable, Hashable, CaseIterable {
        case passed
        case skipped
        /// Failed or errored.
        case failed
        /// Passed after failing.
        case flaky

        package init(_ outcome: Outcome, isFlaky: Bool) {
            switch outcome {
            case .passed: self = isFlaky ? .flaky : .passed
            case .skipped: self = .skipped
            case .failed, .errored: self = .failed
            }
        }
    }
}

/// A machine that took part in a run.
package struct NodeRecord: Sendable, Hashable {
    /// 0-based; the same as in the places of batches.
    package var index: Int
    /// `nil` where nothing was heard of it.
    package var hardware: HardwareClass?
    /// What it has, on one line, such as `16 cpus, 64 GB, NVIDIA T4 (16.1 GB)`; `nil` where nobody looked.
    package var machine: String?
    /// Tests that were its to run and have no result.
    package var lost: Int

    package init(index: Int, hardware: HardwareClass?, machine: String? = nil, lost: Int = 0) {
        self.index = index
        self.hardware = hardware
        self.machine = machine
        self.lost = lost
    }
}
