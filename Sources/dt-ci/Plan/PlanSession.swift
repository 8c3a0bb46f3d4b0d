import CICore
import Orchestrator
import SystemPackage
import TestHistory

/// Brings together what `dt-ci plan` plans: the configured suites, or a file of timings.
struct PlanSession {
    let surroundings: Surroundings
    let count: FanOutOptions.Count
    /// When `auto` wants the run to be over, where that is not the configuration's.
    let target: Duration?
    /// At most so many nodes can be started.
    let mostNodes: Int?
    let fanOut: FanOutSettings

    /// What a plan is to be made of.
    struct Basis {
        var run: PreparedRun
        let fleet: NodeFleet
        /// `nil` where the number of nodes was given.
        var decision: FanOutDecision?
    }

    /// The units of the configured suites, or of a part of them.
    ///
    /// - Throws: `RunnerError` for a suite that cannot be listed, `ConfigurationError` for a choice that means nothing,
    ///   `FileError` if there is no room for side files.
    func discover(_ configuration: Configuration, choice: TestChoice?) async throws -> Basis {
        let machine = await surroundings.hardware(configuration.hardware)
        let slots = configuration.run.strategy.slots(of: configuration.run.slots ?? machine.processors)
        let fleet = NodeFleet(fanOut, standard: machine.shape(slots: slots))
        try check(fleet)
        let scratch = surroundings.temporaryDirectory
            .appending("dt-ci-plan-\(UInt64.random(in: 0...UInt64.max))")
        try surroundings.files.createDirectory(scratch)
        defer {
            // What stays behind in the temporary directory harms nobody.
            try? surroundings.files.remove(scratch)
        }
        let tools = RunnerTools(
            processes: LocalProcesses(), files: surroundings.files, environment: surroundings.environment,
            scratch: scratch)
        var notes = machine.warnings
        notes += configuration.suites.isEmpty ? ["no test runner was recognised in \(configuration.root)"] : []
        let history = history(of: configuration, &notes)
        let target = PlanningTarget(
            nodes: fleet.shapes(fixedCount ?? 1),
            order: PlanningTarget.Order(configuration.run.serving.order) { .random(in: 0...UInt64(UInt32.max)) },
            commit: await WorkingCopy(root: configuration.root, environment: tools.environment).commit(),
            listings: machine.processors, wantsRisks: configuration.run.strategy.wantsRisks)
        let pass = PlanningPass(
            configuration: configuration, tools: tools, history: history, choice: choice, runners: TestRunners.runner)
        var basis: Basis
        if fixedCount != nil {
            basis = Basis(run: try await pass.prepare(for: target), fleet: fleet)
        } else {
            let (run, decision) = try await pass.prepare(search(fleet), over: fleet, on: target)
            basis = Basis(run: run, fleet: fleet, decision: decision)
        }
        basis.run.notes = notes + basis.run.notes
        return basis
    }

    /// The tests of a timings file as units of one suite.
    ///
    /// - Throws: `ConfigurationError` for a file that cannot be read or holds something else.
    func timings(_ name: String, slots text: String?, start: String?) async throws -> Basis {
        let slots: Int
        switch text {
        case nil: slots = 1
        case "auto"?: slots = ThisMachine(files: surroundings.files).processors.processors
        case let text?:
            guard let number = Int(text), (1...100_000).contains(number) else {
                throw ConfigurationError([
                    .init(source: "--slots", problem: "\"\(SafeText.line(text))\"", expected: "a number or auto")
                ])
            }
            slots = number
        }
        let fleet = NodeFleet(fanOut, standard: NodeShape(hardware: "any", slots: slots))
        try check(fleet)
        let (units, dependencies) = try Self.share(in: name, surroundings)
        let share = PlanRequest.SuiteShare(
            name: "timings", startCost: start.flatMap(DurationText.parse) ?? .zero, units: units)
        let request = { (count: Int) in
            PlanRequest(suites: [share], nodes: fleet.shapes(count), dependencies: dependencies)
        }
        if let fixedCount { return Basis(run: PreparedRun(request: request(fixedCount)), fleet: fleet) }
        let decision = await search(fleet).decide { fleet.forecast(of: Planner.plan(request($0))) }
        return Basis(run: PreparedRun(request: request(decision.chosen.nodes)), fleet: fleet, decision: decision)
    }

    /// Copies the history to a file, replacing what is there; where there is none yet, an empty one.
    ///
    /// Throws `HistoryError` or `FileError`.
    func freezeHistory(of configuration: Configuration, to name: String) throws {
        let file = surroundings.workingDirectory.pushing(FilePath(name)).lexicallyNormalized()
        let url = try HistoryURL(configuration.storage.history, root: configuration.root)
        guard url.path.lexicallyNormalized() != file else {
            throw ConfigurationError([
                .init(source: "--freeze", problem: "\(name) is the history itself", expected: "another file")
            ])
        }
        try surroundings.files.createDirectory(file.removingLastComponent())
        for suffix in ["", "-wal", "-shm"] { try surroundings.files.remove(FilePath(file.string + suffix)) }
        guard surroundings.files.exists(url.path) else {
            _ = try HistoryURL("sqlite:\(file)", root: configuration.root).open()
            return
        }
        try url.openExisting().copy(to: file)
    }

    private var fixedCount: Int? {
        if case .fixed(let number) = count { return number }
        return nil
    }

    private func search(_ fleet: NodeFleet) -> NodeCountSearch {
        let bounds = [mostNodes, fanOut.mostNodes, fleet.mostNodes].compactMap(\.self)
        return NodeCountSearch(target: target ?? fanOut.target, mostNodes: bounds.min() ?? 256)
    }

    /// More machines than there are cannot be had.
    private func check(_ fleet: NodeFleet) throws(ConfigurationError) {
        guard let most = [fanOut.mostNodes, fleet.mostNodes].compactMap(\.self).min(), let fixedCount, fixedCount > most
        else { return }
        throw ConfigurationError([
            .init(
                source: EnvironmentOptions.origin(of: "nodes").description, problem: "\(fixedCount)",
                expected: "at most \(most), which fan-out: max-nodes in dt-ci.yml allows")
        ])
    }

    /// What discovery has to say of the suites.
    static func remarks(on run: PreparedRun) -> [String] {
        run.unmatched.map { "\($0) matches nothing" }
            + run.suites.flatMap { suite in suite.inventory.notes.map { "\(suite.suite.name): \($0)" } }
    }

    /// The tests of a timings file.
    static func units(in name: String, _ surroundings: Surroundings) throws(ConfigurationError) -> [EstimatedUnit] {
        try share(in: name, surroundings).units
    }

    private static func share(
        in name: String, _ surroundings: Surroundings
    ) throws(ConfigurationError) -> (units: [EstimatedUnit], dependencies: DependencyGraph) {
        let file = surroundings.workingDirectory.pushing(FilePath(name))
        let bytes: [UInt8]
        do {
            bytes = try surroundings.files.contents(of: file, limit: 1 << 30)
        } catch {
            throw ConfigurationError([.init(source: name, problem: error.description)])
        }
        do {
            return try TimingsFile.share(from: bytes, suite: "timings")
        } catch {
            throw ConfigurationError([.init(source: name, problem: error.description)])
        }
    }

    /// No history yet is the rule for a first run; one that cannot be opened is told.
    private func history(of configuration: Configuration, _ notes: inout [String]) -> (any HistoryStore)? {
        do throws(HistoryError) {
            return try HistoryURL(configuration.storage.history, root: configuration.root).openExisting()
        } catch  where error.code == .missing {
            return nil
        } catch {
            notes.append("planned without history: \(error.description)")
            return nil
        }
    }
}
