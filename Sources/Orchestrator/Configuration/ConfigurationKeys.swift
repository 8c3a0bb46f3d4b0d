import CICore

/// The keys of `dt-ci.yml` itself.
enum RootKeys {
    static let version = Key<Int>("version", .constant(1), "The version of this format: always 1.")
    static let suites = Key<[Settings]>(
        "suites", .sections(of: SuiteKeys.section), default: [],
        "The groups of tests, each with its runner. Without them dt-ci proposes suites from what it finds in the tree.")
    static let run = Key<Settings>(
        "run", .section(RunKeys.section), default: Settings(RunKeys.section), "How a run goes about its batches.")
    static let history = Key<String>(
        "history", .historyURL, default: "sqlite:.dt-ci/history.db",
        "Where durations and outcomes of past runs are kept: `sqlite:` with a path, or a `postgres://` URL.")
    static let results = Key<String>(
        "results", .path("a directory"), default: ".dt-ci/",
        "The directory for results, logs and temporary files; it ignores itself in git.")
    static let quarantine = Key<String>(
        "quarantine", .path("a file"), default: "quarantine.yml",
        "The file that names tests which run and report but do not fail the run; it need not exist.")

    static let baseline = Key<String>(
        "baseline", .text, default: "auto",
        """
        What a run is compared with, to tell new failures from old ones: `auto` = the history's run of the commit that \
        the branch began at, else the last complete one of the target branch; `none`; or the `state.json` of an earlier \
        run.
        """)

    static let memory = Key<String?>(
        "memory", .text(or: "auto"), default: .some(nil),
        """
        Where a job that starts from nothing finds what earlier runs came to: `auto` = in the history and in the comment on \
        the pull request; or also a place that later builds can read: gitlab, bitbucket, `s3://BUCKET/PREFIX?endpoint=URL`, \
        or a directory with a `/` in it.
        """)

    static let report = Key<Settings>(
        "report", .section(ReportKeys.section), default: Settings(ReportKeys.section),
        "What reports for people show: the console, comments, checks, job summaries and pages.")
    static let publish = Key<Settings>(
        "publish", .section(PublishKeys.all), default: Settings(PublishKeys.all),
        "What of the results goes to the CI service and the forge.")
    static let forge = Key<Settings>(
        "forge", .section(ForgeKeys.section), default: Settings(ForgeKeys.section),
        "Where the code lives, where that cannot be detected.")

    static let badge = Key<Settings>(
        "badge", .section(BadgeKeys.section), default: Settings(BadgeKeys.section),
        "The badges that a run leaves, and where they go.")
    static let hardware = Key<Settings>(
        "hardware", .section(HardwareKeys.section), default: Settings(HardwareKeys.section),
        "What dt-ci cannot find out about the machine.")
    static let artifacts = Key<Settings>(
        "artifacts", .section(ArtifactKeys.section), default: Settings(ArtifactKeys.section),
        "What a run keeps for people and later jobs, and where it goes.")

    static let fanOut = Key<Settings>(
        "fan-out", .section(FanOutKeys.section), default: Settings(FanOutKeys.section),
        "Over which and how many machines of the CI service `dt-ci plan --nodes` splits a run.")
    static let groups = Key<[String: [String]]>(
        "groups", .groups, default: [:], "Names for what `after:` waits for, as `group:NAME`.")
    static let semaphores = Key<[String: Int]>(
        "semaphores", .counts, default: [:],
        "How many places the semaphores of `exclusive:` have; one that is not named here has one.")

    static let section = Section(
        name: "dt-ci.yml",
        keys: [
            version, suites, groups, semaphores, run, fanOut, hardware, report, publish, badge, forge, artifacts,
            history, results, quarantine, baseline, memory,
        ])
}

/// The keys of one entry of `suites:`.
enum SuiteKeys {
    static let name = Key<String>(
        "name", .suiteName, "What the suite is called in plans and reports; unique in the file.")
    static let runner = Key<String>("runner", .text, "The test tool that finds and runs the tests.")
    static let paths = Key<[String]>(
        "paths", .texts, default: [],
        "Files, directories or selectors in the runner's own words, relative to `working-directory`; none = everything."
    )
    static let include = Key<[String]>(
        "include", .texts, default: [], "Globs that a test file must match; none = the runner's own pattern.")
    static let exclude = Key<[String]>("exclude", .texts, default: [], "Globs of test files that are left out.")
    static let workingDirectory = Key<String>(
        "working-directory", .path("a directory"), default: ".",
        "Where the runner is started, relative to this file.")
    static let environment = Key<[String: String]>(
        "env", .environment, default: [:], "Variables added to the environment of every process of this suite.")
    static let command = Key<Suite.Command.Line?>(
        "command", .commandLine, default: .some(nil),
        """
        The command that runs tests: a shell line, or a list of arguments that is passed on as it is. The runner \
        `command` needs it; for the others it stands in for their executable, as in `[poetry, run, pytest]`.
        """)
    static let list = Key<Suite.Command.Line?>(
        "list", .commandLine, default: .some(nil), "For the runner `command`: a command that prints one unit a line.")
    static let unitsPerBatch = Key<Int?>(
        "units-per-batch", .count(or: "auto"), default: .some(nil),
        "At most so many units in one invocation of the runner; `auto` = the plan decides.")
    static let timeout = Key<Duration?>(
        "timeout", .duration(or: "auto"), default: .some(nil),
        "The time limit of one batch; `auto` = from what it took in the past.")
    static let retries = Key<Int>(
        "retries", .integer("a whole number from 0 to 20", in: 0...20), default: 0,
        "Further attempts for each test that failed; one that then passes is flaky.")
    static let slots = Key<Int?>(
        "slots", .count(or: "auto"), default: .some(nil),
        "At most so many batches of this suite at once; `auto` = as many as the run has slots.")
    static let granularity = Key<Granularity?>(
        "granularity", .granularity, default: .some(nil),
        "How finely the suite is cut; `auto` = by file, and finer where one file is too long for a slot.")
    static let serial = Key<Bool>(
        "serial", .flag, default: false, "Whether one batch runs at a time, with nothing of any suite beside it.")
    static let tags = Key<[String]>(
        "tags", .texts, default: [],
        "Only tests with one of these markers, groups or labels, in the runner's own words; none = all.")
    static let requires = Key<Requirement?>(
        "requires", .requirement, default: .some(nil),
        """
        What every test of the suite needs of its machine, such as `gpu>=1, vram>=16GB`; a run that has no such machine \
        ends before anything starts. docs/hardware.md has the words.
        """)

    static let section = Section(
        name: "suites",
        keys: [
            name, runner, paths, include, exclude, workingDirectory, environment, command, list, unitsPerBatch, timeout,
            retries, slots, granularity, serial, tags, requires,
        ] + ConditionKeys.all)
}

/// The keys of `run:`.
enum RunKeys {
    static let slots = Key<Int?>(
        "slots", .count(or: "auto"), default: .some(nil),
        "Batches at once on this machine; `auto` = the processors available to this process.")
    static let failFast = Key<Int?>(
        "fail-fast", .failFast, default: .some(nil),
        "End the run after this many failed tests; `true` = the first, `false` = never.")
    static let timeout = Key<Duration?>(
        "timeout", .duration(or: "none"), default: .some(nil), "The time limit of the whole run.")
    static let hangTimeout = Key<Duration?>(
        "hang-timeout", .duration(or: "none"), default: .some(nil),
        "End a batch that has written nothing for so long.")
    static let order = Key<String>(
        "order", .word(RunSettings.Order.names), default: "longest-first",
        """
        In which order batches are handed out: the longest first, as listed, at random, or what failed in its last run \
        first. Where it is not given, the strategy has its own.
        """)
    static let strategy = Key<String>(
        "strategy", .word([SchedulingStrategies.automatic] + SchedulingStrategies.all.map(\.name)),
        default: SchedulingStrategies.automatic,
        """
        What the slots are for: `max-parallel` for the earliest end, `simple` for one batch at a time as listed, \
        `historical` for the earliest bad news, `fair` for a share for every suite from the beginning on, `deadline` \
        for the most verdicts until the deadline, `adaptive` for what the run gives evidence for; `auto` = \
        `max-parallel`, or `adaptive` with a deadline.
        """)
    static let deadline = Key<Duration?>(
        "deadline", .duration(or: "none"), default: .some(nil),
        "When the run should be over, such as `10m`: it is said early what will not fit; nothing is ended.")
    static let seed = Key<UInt64?>(
        "seed", .seed, default: .some(nil), "The seed of `order: random`; without it one is drawn and printed.")
    static let failOnFlaky = Key<Bool>(
        "fail-on-flaky", .flag, default: false, "Whether a run whose only failures are flaky fails, with exit code 6.")
    static let empty = Key<RunSettings.EmptyPolicy>(
        "empty", .emptyPolicy, default: .error,
        "What a run without any test is: an `error` (exit code 5), a warning (`warn`) or `ok`.")
    static let retryBudget = Key<RunSettings.RetryBudget>(
        "retry-budget", .retryBudget, default: .standard,
        "How many tests of one run may be tried again: a number, a percentage, or both, of which the smaller holds.")

    static let section = Section(
        name: "run",
        keys: [slots, failFast, timeout, hangTimeout, deadline, strategy, order, seed, failOnFlaky, empty, retryBudget])
}

/// The keys of one entry of `quarantine:` in `quarantine.yml`.
enum QuarantineKeys {
    static let test = Key<String>(
        "test", .text,
        """
        The test's id as reports show it, with or without `suite::`; `*` stands for any characters and `?` for one, \
        brackets for themselves.
        """)
    static let owner = Key<String>("owner", .text, "Who answers for it.")
    static let reason = Key<String>("reason", .text, "Why it is here, best with a link.")
    static let expires = Key<CalendarDay>(
        "expires", .day, "The last day it holds, in UTC; from the next day on the run fails.")

    static let section = Section(name: "quarantine", keys: [test, owner, reason, expires])
}

/// The keys of `quarantine.yml` itself.
enum QuarantineRootKeys {
    static let version = Key<Int>("version", .constant(1), "The version of this format: always 1.")
    static let quarantine = Key<[Settings]>(
        "quarantine", .sections(of: QuarantineKeys.section), default: [], "The tests, each with its owner and its end.")

    static let section = Section(name: "quarantine.yml", keys: [version, quarantine])
}
