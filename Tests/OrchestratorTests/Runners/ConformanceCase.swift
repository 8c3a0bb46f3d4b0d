import CICore
import SystemPackage

@testable import Orchestrator

/// One runner with a project of ours, and what must come of it.
///
/// A new runner adds one file `Cases/XCase.swift` with an extension of this type, one line in `ConformanceCase.all`,
/// and its project under `Fixtures/runners/<fixture>/`. Each project is copied and prepared once for all checks, so a
/// check must leave it as it found it.
struct ConformanceCase: Sendable {
    var runner: any TestRunner
    /// The folder below `Fixtures/runners`; usually the runner's id.
    var fixture: String
    /// Paths, globs, environment and command of the suite; name, runner and directory are filled in.
    var suite: SuiteTemplate
    /// Commands that build the project once, in its directory; the environment has `PATH` and `HOME`.
    var preparation: [[String]]
    /// Every listing that is checked.
    var listings: [Listing]
    var runs: Runs
    var troubles: Troubles

    init(
        runner: any TestRunner, fixture: String, suite: SuiteTemplate = SuiteTemplate(),
        preparation: [[String]] = [], listings: [Listing], runs: Runs, troubles: Troubles
    ) {
        self.runner = runner
        self.fixture = fixture
        self.suite = suite
        self.preparation = preparation
        self.listings = listings
        self.runs = runs
        self.troubles = troubles
    }

    /// What `dt-ci.yml` would say of the suite.
    struct SuiteTemplate: Sendable {
        var selection = Suite.Selection()
        var environment: [String: String] = [:]
        var command = Suite.Command()
    }

    /// (a) What `discover` finds.
    struct Listing: Sendable {
        var granularity: Granularity
        /// All selectors, in any order.
        var selectors: Set<String>
        /// Where given: `split` of this unit into this granularity gives `selectors`, instead of `discover`.
        var splitting: String?

        init(_ granularity: Granularity, splitting: String? = nil, _ selectors: Set<String>) {
            self.granularity = granularity
            self.splitting = splitting
            self.selectors = selectors
        }
    }

    /// Runs that end normally.
    struct Runs: Sendable {
        /// (b) A part of the suite, with every test that it holds.
        var subset: Expectation
        /// (c) Of the subset: a failing test's identifier, and a part of its message or details.
        var failure: (identifier: String, words: String)
        /// (d) Single tests that are run again alone, each in an invocation of its own; usually the failed one.
        var retries: [Expectation]
        /// (j) Tests with hostile names: run together, and each again alone if the runner can select it.
        var hostile: Expectation?
    }

    /// Units, and the exact outcome of each test in them.
    struct Expectation: Sendable {
        /// Selectors of units as `discover` or `split` gives them.
        var selectors: [String]
        var granularity: Granularity
        /// By `TestAddress.identifier`.
        var outcomes: [String: Outcome]

        init(_ selectors: [String], _ granularity: Granularity = .file, outcomes: [String: Outcome]) {
            self.selectors = selectors
            self.granularity = granularity
            self.outcomes = outcomes
        }
    }

    /// Runs and listings that end badly.
    struct Troubles: Sendable {
        /// (e) The process dies in the middle.
        var crash: Death?
        /// (f) A test never ends; the process is killed after `patience`.
        var hang: Death?
        /// (g) A word of the advice when the tool is missing, such as its Debian package; `nil` for `command`.
        var missingToolWord: String?
        /// (h) A project that cannot be built, collected or listed.
        var broken: Broken?
        /// (i) A part of the proposal's `because`; `nil` if zero configuration never proposes the runner.
        var proposal: String?
        /// How long a hanging batch gets to reach the test that hangs.
        var patience: Duration = .seconds(6)
    }

    /// A batch that does not end by itself.
    struct Death: Sendable {
        var units: Expectation
        /// Selectors that `progress` names as running; empty where the runner cannot tell.
        var running: [String]

        /// - Parameters:
        ///   - selectors: the units of the batch.
        ///   - granularity: of these units.
        ///   - finished: outcomes known afterwards from reports and progress together.
        ///   - running: see the property.
        init(_ selectors: [String], _ granularity: Granularity = .file, finished: [String: Outcome], running: [String])
        {
            units = Expectation(selectors, granularity, outcomes: finished)
            self.running = running
        }
    }

    /// A project that is broken.
    struct Broken: Sendable {
        /// A folder below `Fixtures/runners`, not prepared.
        var fixture: String
        var failure: Failure
        /// A part of the runner's own words.
        var words: String

        /// Where it shows.
        enum Failure: Sendable {
            case listing(RunnerError.Code)
            /// A batch of these file units reads as `.collectionFailed` or `.buildFailed`.
            case run([String])
        }
    }
}
