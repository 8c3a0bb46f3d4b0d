package import CICore

/// A suite that zero configuration would run.
package struct SuiteProposal: Sendable, Hashable {
    package var name: String
    package var runner: RunnerID
    /// Relative to the tree's root; empty = the root.
    package var directory: String
    package var paths: [String]
    package var command: Suite.Command
    /// What was seen and assumed, as a sentence for the user.
    package var because: String

    package init(
        name: String, runner: RunnerID, directory: String = "", paths: [String] = [],
        command: Suite.Command = Suite.Command(), because: String
    ) {
        self.name = name
        self.runner = runner
        self.directory = directory
        self.paths = paths
        self.command = command
        self.because = because
    }
}
