package import CICore
package import SystemPackage

/// One configured group of tests, every default filled in.
package struct Suite: Sendable, Hashable {
    package var name: SuiteName
    package var runner: RunnerID
    package var selection: Selection
    /// Absolute.
    package var workingDirectory: FilePath
    /// Added to the environment of every child of this suite.
    package var environment: [String: String]
    package var policy: Policy
    /// For the `command` runner, and for others in place of their executable (`["poetry", "run", "pytest"]`).
    package var command: Command

    package init(
        name: SuiteName, runner: RunnerID, workingDirectory: FilePath, selection: Selection = Selection(),
        environment: [String: String] = [:], policy: Policy = Policy(), command: Command = Command()
    ) {
        self.name = name
        self.runner = runner
        self.workingDirectory = workingDirectory
        self.selection = selection
        self.environment = environment
        self.policy = policy
        self.command = command
    }

    /// Which tests belong to the suite; everything is relative to the working directory.
    package struct Selection: Sendable, Hashable {
        /// Files, directories or runner selectors; empty = the runner's own default.
        package var paths: [String]
        /// Globs that a file must match; empty = the runner's default globs.
        package var include: [String]
        /// Globs that a file must not match.
        package var exclude: [String]
        package var tags: [String]

        package init(paths: [String] = [], include: [String] = [], exclude: [String] = [], tags: [String] = []) {
            self.paths = paths
            self.include = include
            self.exclude = exclude
            self.tags = tags
        }
    }

    /// How the suite is cut and run.
    package struct Policy: Sendable, Hashable {
        /// `nil` = automatic: split what is too long for one slot.
        package var granularity: Granularity?
        /// An upper bound; `nil` = the plan decides.
        package var unitsPerBatch: Int?
        /// Hard limit of one batch; `nil` = from history.
        package var timeout: Duration?
        /// Further attempts of a failed test.
        package var retries: Int
        /// At most so many batches of this suite at once.
        package var slots: Int?
        /// One batch at a time, nothing beside it.
        package var isSerial: Bool
        /// What every unit needs of its machine.
        package var requires: Requirement?
        package var conditions: Conditions

        package init(
            granularity: Granularity? = nil, unitsPerBatch: Int? = nil, timeout: Duration? = nil, retries: Int = 0,
            slots: Int? = nil, isSerial: Bool = false, requires: Requirement? = nil,
            conditions: Conditions = Conditions()
        ) {
            self.requires = requires
            self.granularity = granularity
            self.unitsPerBatch = unitsPerBatch
            self.timeout = timeout
            self.retries = retries
            self.slots = slots
            self.isSerial = isSerial
            self.conditions = conditions
        }
    }

    /// The user's own words on how to start the runner.
    package struct Command: Sendable, Hashable {
        /// One shell line (the user's own `command:` string), or an argument array.
        package enum Line: Sendable, Hashable {
            case shell(String)
            case arguments([String])
        }

        package var run: Line?
        /// Prints one unit a line.
        package var list: Line?

        package init(run: Line? = nil, list: Line? = nil) {
            self.run = run
            self.list = list
        }
    }
}
