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

    /// Without a name it is called as its runner, followed by its directory where that is not the root.
    package init(
        name: String? = nil, runner: RunnerID, directory: String = "", paths: [String] = [],
        command: Suite.Command = Suite.Command(), because: String
    ) {
        self.name =
            name ?? ([runner.rawValue] + directory.split(separator: "/").map(String.init)).joined(separator: "-")
        self.runner = runner
        self.directory = directory
        self.paths = paths
        self.command = command
        self.because = because
    }
}
