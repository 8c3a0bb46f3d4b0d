import CICore
import SystemPackage

extension Suite {
    /// `nil` if name or runner are missing, which reading has reported.
    init?(_ settings: Settings, root: FilePath, _ book: ConditionBook = ConditionBook(Settings(RootKeys.section))) {
        guard let name = settings[SuiteKeys.name], let runner = settings[SuiteKeys.runner] else { return nil }
        self.init(
            name: SuiteName(name), runner: RunnerID(runner),
            workingDirectory: root.pushing(FilePath(settings[SuiteKeys.workingDirectory] ?? ".")).lexicallyNormalized(),
            selection: Selection(
                paths: settings[SuiteKeys.paths] ?? [], include: settings[SuiteKeys.include] ?? [],
                exclude: settings[SuiteKeys.exclude] ?? [], tags: settings[SuiteKeys.tags] ?? []),
            environment: settings[SuiteKeys.environment] ?? [:],
            policy: Policy(settings, book),
            command: Command(run: settings[SuiteKeys.command] ?? nil, list: settings[SuiteKeys.list] ?? nil))
    }
}

extension Suite.Policy {
    init(_ settings: Settings, _ book: ConditionBook) {
        self.init(
            granularity: settings[SuiteKeys.granularity] ?? nil,
            unitsPerBatch: settings[SuiteKeys.unitsPerBatch] ?? nil,
            timeout: settings[SuiteKeys.timeout] ?? nil,
            retries: settings[SuiteKeys.retries] ?? 0,
            slots: settings[SuiteKeys.slots] ?? nil,
            isSerial: settings[SuiteKeys.serial] ?? false,
            requires: settings[SuiteKeys.requires] ?? nil, conditions: Suite.Conditions(settings, book))
    }
}

extension RunSettings {
    init(_ settings: Settings) {
        let limits = Limits(
            run: settings[RunKeys.timeout] ?? nil, silence: settings[RunKeys.hangTimeout] ?? nil,
            deadline: settings[RunKeys.deadline] ?? nil)
        let strategy = settings[RunKeys.strategy] ?? SchedulingStrategies.automatic
        let isOrdered = settings.origin(of: RunKeys.order.name) != .standard
        let order =
            isOrdered
            ? Order(name: settings[RunKeys.order] ?? "", seed: settings[RunKeys.seed] ?? nil)
            : SchedulingStrategies.meant(by: strategy, hasDeadline: limits.deadline != nil).order
        self.init(
            slots: settings[RunKeys.slots] ?? nil,
            failFast: settings[RunKeys.failFast] ?? nil,
            limits: limits, serving: Serving(strategy: strategy, order: order ?? .longestFirst),
            failsOnFlaky: settings[RunKeys.failOnFlaky] ?? false,
            empty: settings[RunKeys.empty] ?? .error,
            retryBudget: settings[RunKeys.retryBudget] ?? .standard)
    }
}

extension Configuration.Storage {
    /// Relative paths begin at the root.
    init(_ settings: Settings, root: FilePath) {
        let history = settings[RootKeys.history] ?? ""
        let scheme = "sqlite:"
        let path = history.hasPrefix(scheme) ? FilePath(String(history.dropFirst(scheme.count))) : nil
        self.init(
            history: path.map { scheme + root.pushing($0).lexicallyNormalized().string } ?? history,
            results: root.pushing(FilePath(settings[RootKeys.results] ?? ".dt-ci")).lexicallyNormalized(),
            quarantine: root.pushing(FilePath(settings[RootKeys.quarantine] ?? Quarantine.fileName))
                .lexicallyNormalized(),
            baseline: Comparison(settings[RootKeys.baseline] ?? "auto", root: root),
            memory: settings[RootKeys.memory] ?? nil)
    }
}

extension Configuration.Storage.Comparison {
    fileprivate init(_ text: String, root: FilePath) {
        self =
            switch text {
            case "auto": .auto
            case "none": .none
            default: .file(root.pushing(FilePath(text)).lexicallyNormalized())
            }
    }
}
