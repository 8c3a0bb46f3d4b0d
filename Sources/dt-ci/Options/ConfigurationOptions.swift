import ArgumentParser
import CICore
import Orchestrator
import SystemPackage

/// The options of every command that works on the configured suites.
struct ConfigurationOptions: ParsableArguments {
    @Option(help: "Read this file instead of dt-ci.yml.", completion: .file(extensions: ["yml", "yaml"]))
    var config: String?

    @Option(help: "Only the suite of this name; may be repeated.")
    var suite: [String] = []

    @Option(help: "Only tests with this marker, group or label, in every suite; may be repeated.")
    var tag: [String] = []

    @OptionGroup(title: "This machine") var labels: NodeLabelOptions

    @OptionGroup(title: "Settings of the run") var run: RunOptions

    @OptionGroup(title: "Reports to the CI service and the forge") var publish: PublishOptions

    @OptionGroup(title: "Files and stores") var storage: StorageOptions
}

/// Options that stand in for keys of `run:` and of every suite; read as the file's values are.
struct RunOptions: ParsableArguments {
    @Option(help: "Batches at once on this machine: a number or auto.")
    var slots: String?

    @Option(help: "End the run after this many failed tests; true is one.")
    var failFast: String?

    @Option(help: "The time limit of the whole run, such as 20m.")
    var timeout: String?

    @Option(help: "End a batch that has written nothing for so long, such as 2m.")
    var hangTimeout: String?

    @Option(help: "When the run should be over, such as 10m; it is said early what will not fit.")
    var deadline: String?

    @Option(
        help: "What the slots are for: auto, max-parallel, simple, historical, fair, deadline or adaptive.")
    var strategy: String?

    @Option(help: ArgumentHelp("In which order batches run: longest-first, listed, random or failed-first."))
    var order: String?

    @Option(help: "The seed of --order random.")
    var seed: String?

    @Flag(inversion: .prefixedNo, help: "Whether a run whose only failures are flaky fails, with exit code 6.")
    var failOnFlaky: Bool?

    @Option(help: "What a run without any test is: error, warn or ok.")
    var empty: String?

    @Option(help: "Further attempts for each test that failed, in every suite.")
    var retries: String?

    @Option(help: "How many tests of the run may be tried again: a number, a percentage or both.")
    var retryBudget: String?
}

/// Options that stand in for keys of `publish:` and `forge:`.
struct PublishOptions: ParsableArguments {
    @Option(help: "Whether results are published: auto (in a CI service), always or never.")
    var publish: String?

    @Option(help: "What the status, the check and the comment are called.")
    var publishName: String?

    @Option(help: "What tells this job from the others that write to the same comment, such as a matrix leg's name.")
    var publishSection: String?

    @Flag(inversion: .prefixedNo, help: "Whether reports that could not be posted end a passed run with exit code 4.")
    var strict: Bool?

    @Option(help: "What holds the code: github, gitlab, bitbucket, azure-repos, gitea or forgejo.")
    var forge: String?

    @Option(help: "The base URL of the forge's API.")
    var forgeApiUrl: String?
}

/// Options that stand in for the places of `dt-ci.yml`.
struct StorageOptions: ParsableArguments {
    @Option(help: "Where durations and outcomes of past runs are kept, as a URL.")
    var history: String?

    @Option(help: "The directory for results and logs.", completion: .directory)
    var results: String?

    @Option(help: "The file of quarantined tests.", completion: .file(extensions: ["yml"]))
    var quarantine: String?

    @Option(help: "What the run is compared with: auto, none, or an earlier run's state.json.")
    var baseline: String?

    @Option(
        help: "The place that remembers earlier runs for jobs that start from nothing: auto, or a place of artifacts.")
    var memory: String?
}

extension ConfigurationOptions {
    /// What the options and their variables lay over the file, in the order of the reference.
    var overrides: [Override] {
        let given: [(Override.Target, String, String?)] = [
            (.run, "slots", run.slots), (.run, "fail-fast", run.failFast), (.run, "timeout", run.timeout),
            (.run, "hang-timeout", run.hangTimeout), (.run, "deadline", run.deadline),
            (.run, "strategy", run.strategy), (.run, "order", run.order), (.run, "seed", run.seed),
            (.run, "fail-on-flaky", run.failOnFlaky.map(String.init)), (.run, "empty", run.empty),
            (.suites, "retries", run.retries), (.run, "retry-budget", run.retryBudget),
        ]
        let tags =
            tag.isEmpty ? [] : [Override(.suites, "tags", texts: tag, origin: EnvironmentOptions.origin(of: "tag"))]
        return tags + labels.overrides + publish.overrides + storage.overrides
            + given.compactMap { target, key, text in
                text.map { Override(target, key, $0, origin: EnvironmentOptions.origin(of: key)) }
            }
    }

    /// Reads the file, or looks at the tree where there is none, and lays the options over it.
    func load(in surroundings: Surroundings) throws -> LoadedConfiguration {
        let location = try ConfigurationLocation(named: config, in: surroundings)
        let loader = ConfigurationLoader(in: surroundings)
        var loaded = try loader.load(location, overrides: overrides)
        try loaded.choose(suites: suite)
        return loaded
    }
}

extension StorageOptions {
    /// In the order of the reference.
    var overrides: [Override] {
        [
            ("history", history), ("results", results), ("quarantine", quarantine), ("baseline", baseline),
            ("memory", memory),
        ].compactMap { key, text in
            text.map { Override(.root, key, $0, origin: EnvironmentOptions.origin(of: key)) }
        }
    }
}

extension PublishOptions {
    /// Their names differ from the keys', which stand in sections of their own.
    var overrides: [Override] {
        let given: [(Override.Target, key: String, option: String, String?)] = [
            (.publish, "when", "publish", publish), (.publish, "name", "publish-name", publishName),
            (.publish, "section", "publish-section", publishSection),
            (.publish, "strict", "strict", strict.map(String.init)), (.forge, "kind", "forge", forge),
            (.forge, "api", "forge-api-url", forgeApiUrl),
        ]
        return given.compactMap { target, key, option, text in
            text.map { Override(target, key, $0, origin: EnvironmentOptions.origin(of: option)) }
        }
    }
}

extension ConfigurationLocation {
    /// The named file, else `dt-ci.yml` in the working directory, else that directory alone.
    init(named name: String?, in surroundings: Surroundings) throws(ConfigurationError) {
        try self.init(
            named: name.map { FilePath($0) }, workingDirectory: surroundings.workingDirectory,
            files: surroundings.files)
    }
}
