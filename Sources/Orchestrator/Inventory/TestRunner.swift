package import Artifacts
package import CICore
package import SystemPackage

/// A test tool: how its tests are found, how a part of them is run, and how its answer reads.
///
/// One small value type and one file each, listed in `TestRunners.all`; whatever is listed there goes through the
/// shared conformance suite. A *selector* is the runner's own name of a test or unit: what the listing gives is what
/// `invocation` takes, what `address(of:…)` makes of a report and what a retry runs.
package protocol TestRunner: Sendable {
    var id: RunnerID { get }
    var profile: RunnerProfile { get }

    /// The suites that this runner would run in a tree without configuration; cheap, starts nothing.
    func proposals(in tree: SourceTree) -> [SuiteProposal]

    /// Finds the units of a suite.
    ///
    /// - Parameter granularity: how fine at the least; a runner that cannot cut so finely gives its finest.
    /// - Throws: `RunnerError`, with `.toolMissing` or with `.listingFailed` and the tool's own words.
    func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory

    /// Cuts one unit finer; `[unit]` where that is not possible. Bonds of the result say what must stay together.
    func split(
        _ unit: TestUnit, of suite: Suite, into granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit]

    /// The process that runs just these units (or single tests given as units) and leaves its reports in `place`.
    func invocation(for units: [TestUnit], of suite: Suite, in place: BatchPlace) throws(RunnerError) -> Invocation

    /// Which test of the suite a reported case is; `nil` if it belongs to none of the units.
    func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress?

    /// What the end of the process means.
    func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading

    /// What a batch did before it died or hung, from its output and side files; called only when that matters.
    func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress
}

extension TestRunner {
    package func proposals(in tree: SourceTree) -> [SuiteProposal] { [] }

    package func split(
        _ unit: TestUnit, of suite: Suite, into granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit] { unit.splitByKnownTests() }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        BatchProgress()
    }
}

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

    package init(
        title: String, support: Support, tool: Tool, finest: Granularity, costs: Costs, canSelectTests: Bool = true
    ) {
        self.title = title
        self.support = support
        self.tool = tool
        self.finest = finest
        self.costs = costs
        self.canSelectTests = canSelectTests
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

/// What discovery may use: nothing else of the world.
package struct RunnerTools: Sendable {
    package var processes: any ProcessPort
    package var files: any FileSystem
    /// The environment that children start from, before the suite's own additions.
    package var environment: [String: String]
    /// Limit for one listing command.
    package var listingTimeout: Duration
    /// For side files of listings; exists.
    package var scratch: FilePath

    package init(
        processes: any ProcessPort, files: any FileSystem, environment: [String: String], scratch: FilePath,
        listingTimeout: Duration = .seconds(600)
    ) {
        self.processes = processes
        self.files = files
        self.environment = environment
        self.scratch = scratch
        self.listingTimeout = listingTimeout
    }
}

/// The private directory of one batch; all of it exists before the process starts.
package struct BatchPlace: Sendable, Hashable {
    /// Reports and runner side files go here.
    package var results: FilePath
    /// `TMPDIR` of the child.
    package var temporary: FilePath
    /// Standard output; with standard error in it unless the invocation asks for two files.
    package var output: FilePath
    /// Standard error, when apart.
    package var errors: FilePath

    package init(root: FilePath) {
        results = root.appending("results")
        temporary = root.appending("tmp")
        output = root.appending("output.log")
        errors = root.appending("errors.log")
    }
}

/// What was asked of a batch.
package struct BatchScope: Sendable, Hashable {
    package var suite: Suite
    package var units: [TestUnit]

    package init(suite: Suite, units: [TestUnit]) {
        self.suite = suite
        self.units = units
    }
}

/// A process to start for a batch.
package struct Invocation: Sendable, Hashable {
    /// `[0]` is the executable.
    package var arguments: [String]
    /// Added to the child's environment; wins over the suite's.
    package var environment: [String: String]
    package var standardInput: [UInt8]?
    /// Written before the process starts: reporters, response files.
    package var sideFiles: [SideFile]
    /// Where its reports will be.
    package var reports: [ExpectedReport]
    /// Whether standard output is a report and must not be mixed with standard error.
    package var separatesErrors: Bool
    /// Sent first on a time-out, for a stack dump, where the runner gives one.
    package var dumpSignal: Int32?

    package init(
        _ arguments: [String], environment: [String: String] = [:], standardInput: [UInt8]? = nil,
        sideFiles: [SideFile] = [], reports: [ExpectedReport], separatesErrors: Bool = false, dumpSignal: Int32? = nil
    ) {
        self.arguments = arguments
        self.environment = environment
        self.standardInput = standardInput
        self.sideFiles = sideFiles
        self.reports = reports
        self.separatesErrors = separatesErrors
        self.dumpSignal = dumpSignal
    }
}

/// A file that a runner's process needs and that nobody else has, such as a reporter of ours or a list of tests.
package struct SideFile: Sendable, Hashable {
    /// In the batch's directory; its parents exist.
    package var path: FilePath
    package var contents: [UInt8]

    package init(_ path: FilePath, contents: [UInt8]) {
        self.path = path
        self.contents = contents
    }
}

/// A report that an invocation leaves.
package struct ExpectedReport: Sendable, Hashable {
    /// A file, or a directory whose `*.xml` are reports.
    package var path: FilePath
    package var format: ReportFormat
    /// Whether its absence after a normal end is an error of the runner.
    package var isRequired: Bool

    package init(_ path: FilePath, format: ReportFormat = .junit, isRequired: Bool = true) {
        self.path = path
        self.format = format
        self.isRequired = isRequired
    }
}

/// A test's place in the suite, in the runner's own words.
package struct TestAddress: Sendable, Hashable {
    /// Runs this test, or the smallest selectable thing that holds it.
    package var selector: String
    /// The file, package or binary around it.
    package var container: String
    /// Tells the test from its neighbours: equal to `selector`, but for tests that cannot be selected alone, such as
    /// a Go subtest or one row of a table (`TestParse/empty` with the selector `TestParse`).
    package var identifier: String

    package init(selector: String, container: String, identifier: String? = nil) {
        self.selector = selector
        self.container = container
        self.identifier = identifier ?? selector
    }
}

/// What is known when a batch's process has ended.
package struct BatchEnding: Sendable, Hashable {
    /// Cases read from its reports.
    package var reported: Int
    /// Of these, failed or errored.
    package var failures: Int
    /// The last part of its output, at most 64 KiB.
    package var outputTail: String

    package init(reported: Int, failures: Int, outputTail: String) {
        self.reported = reported
        self.failures = failures
        self.outputTail = outputTail
    }
}

/// What the end of a runner's process means.
package enum ExitReading: Sendable, Hashable {
    /// The reports are the whole truth, failures included.
    case completed
    /// The selection held no tests.
    case nothingCollected
    /// The runner could not load the tests; never retried. The runner's own words.
    case collectionFailed(String)
    /// The code under test did not build; never retried. The runner's own words.
    case buildFailed(String)
    /// The runner refused its arguments or configuration.
    case misused(String)
    /// It died in the middle: reports may be missing or partial.
    case crashed(String)
}

/// How far a batch came before it ended abnormally.
package struct BatchProgress: Sendable, Hashable {
    /// Tests with a result that the reports may lack.
    package var finished: [ReportedTest]
    /// Selectors of the tests that had begun and not ended.
    package var running: [String]
    /// Selectors that the runner had collected, where it says so.
    package var collected: [String]?

    package init(finished: [ReportedTest] = [], running: [String] = [], collected: [String]? = nil) {
        self.finished = finished
        self.running = running
        self.collected = collected
    }
}

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

/// Why a runner could not list or start.
package struct RunnerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong; decides the exit code.
    package enum Code: Sendable, Hashable {
        /// Exit 2.
        case toolMissing
        /// Exit 2.
        case badConfiguration
        /// Exit 3.
        case listingFailed
        /// Exit 3.
        case buildFailed
    }

    package var code: Code
    package var suite: SuiteName
    /// One sentence: what failed, on what, what to do.
    package var description: String
    /// The tool's own words, bounded.
    package var output: String?

    package init(code: Code, suite: SuiteName, description: String, output: String? = nil) {
        self.code = code
        self.suite = suite
        self.description = description
        self.output = output
    }
}

extension TestUnit {
    /// One unit for each known test.
    package func splitByKnownTests() -> [TestUnit] {
        guard granularity < .test, let tests, tests.count > 1 else { return [self] }
        return tests.map { selector in
            TestUnit(
                suite: suite, selector: selector, granularity: .test, container: container, tests: [selector],
                constraints: constraints)
        }
    }
}
