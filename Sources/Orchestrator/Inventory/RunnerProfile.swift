/// What the plan, the messages and the support matrix need to know of a runner.
package struct RunnerProfile: Sendable, Hashable {
    /// As its makers write it, such as `Swift Testing`.
    package var title: String
    package var support: Support
    package var tool: Tool
    /// The finest unit that can be selected.
    package var finest: Granularity
    package var costs: Costs
    /// Whether a single failed test can be run again alone.
    package var canSelectTests: Bool
    /// Whether a test's id tells how to select it, although no listing cuts so finely.
    package var knowsTestsById: Bool

    package init(
        title: String, support: Support, tool: Tool, finest: Granularity, costs: Costs, canSelectTests: Bool = true,
        knowsTestsById: Bool = false
    ) {
        self.title = title
        self.support = support
        self.tool = tool
        self.finest = finest
        self.costs = costs
        self.canSelectTests = canSelectTests
        self.knowsTestsById = knowsTestsById
    }

    /// How a runner's support is shown.
    package enum Support: String, Sendable, Hashable {
        /// The tests of this project start the real tool.
        case live
        /// Tested on recorded listings and results.
        case recorded
    }

    /// The executable and where to get it.
    package struct Tool: Sendable, Hashable {
        package var executable: String
        /// As in `apt-get install …`; empty where Debian has none.
        package var debianPackages: [String]
        /// The tool's own way to be installed, such as `pip install pytest`.
        package var hint: String?

        package init(executable: String, debianPackages: [String], hint: String? = nil) {
            self.executable = executable
            self.debianPackages = debianPackages
            self.hint = hint
        }
    }

    /// What a unit and an invocation cost while history knows nothing.
    package struct Costs: Sendable, Hashable {
        /// The fixed cost of one invocation.
        package var start: Duration
        /// One file, class or package.
        package var unit: Duration
        /// One test.
        package var test: Duration

        package init(start: Duration, unit: Duration, test: Duration) {
            self.start = start
            self.unit = unit
            self.test = test
        }
    }
}
