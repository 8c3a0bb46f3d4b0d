package import CICore
import SystemPackage
package import TestHistory

/// The front half of a run: what a configuration holds becomes units, estimates and a plan.
///
/// History problems never stop it: what cannot be read is named in `PlannedRun.notes`, and the plan is made from the
/// runners' defaults.
package struct PlanningPass: Sendable {
    /// Where the runners of the suites are found; `TestRunners.runner` outside of tests.
    package typealias RunnerLookup = @Sendable (RunnerID) -> (any TestRunner)?

    private let configuration: Configuration
    private let tools: RunnerTools
    private let history: (any HistoryStore)?
    private let choice: TestChoice?
    private let runners: RunnerLookup

    /// - Parameters:
    ///   - configuration: the suites and how they are run.
    ///   - tools: what discovery may use.
    ///   - history: where durations are from; `nil` = there is none.
    ///   - choice: what is planned of the suites; `nil` = everything.
    ///   - runners: finds the suites' runners.
    package init(
        configuration: Configuration, tools: RunnerTools, history: (any HistoryStore)?, choice: TestChoice? = nil,
        runners: @escaping RunnerLookup
    ) {
        var configuration = configuration
        if let choice { configuration.suites = choice.suites(among: configuration.suites) }
        self.choice = choice
        self.configuration = configuration
        self.tools = tools
        self.history = history
        self.runners = runners
    }

    /// Discovers, estimates and plans.
    ///
    /// - Throws: as `prepare(for:)`.
    package func plan(on target: PlanningTarget) async throws -> PlannedRun {
        try await prepare(for: target).planned()
    }

    /// Discovers all suites at once and cuts what is too long.
    ///
    /// - Throws: `RunnerError` of the first suite, in the order of the configuration, that cannot be listed;
    ///   `ConfigurationError` for a choice that means nothing.
    package func prepare(for target: PlanningTarget) async throws -> PreparedRun {
        try await prepare(try await list(for: target), for: target)
    }

    /// Cuts what is too long of a listing, and finds who waits for whom.
    ///
    /// - Throws: `ConfigurationError` for what waits for nothing that is there, or for itself.
    func prepare(_ listing: Listing, for target: PlanningTarget, isWhole: Bool = true) async throws -> PreparedRun {
        var listing = listing
        let cuts = await UnitSplitter(slots: target.totalSlots, tools: tools, width: target.listings)
            .split(&listing.suites)
        let graph = try dependencies(of: &listing, isWhole: isWhole && choice == nil)
        let past = past(of: listing.suites, for: target, &listing.notes)
        let units = listing.suites.flatMap(\.inventory.units)
        let order = BatchOrder(target.order) { past?.units(among: units) }
        var shares = listing.suites.map(\.share)
        let fits = RequirementFits(nodes: target.nodes).add(to: &shares, of: listing.suites)
        let request = PlanRequest(
            suites: shares, nodes: target.nodes, fits: fits, order: order,
            inputs: inputs(of: listing.suites, shares: shares, commit: target.commit), dependencies: graph)
        var run = PreparedRun(
            suites: listing.suites, request: request, cuts: cuts, notes: listing.notes, missing: listing.missing)
        if target.wantsRisks { run.risks = past?.risks(among: units) ?? [:] }
        return run
    }

    /// What discovery found, before anything is cut.
    struct Listing {
        var suites: [PreparedSuite]
        var notes: [String] = []
        /// Tests that were to run again and are not there any more.
        var missing: [String] = []
    }

    /// Discovers all suites at once, and leaves what was chosen.
    func list(for target: PlanningTarget) async throws -> Listing {
        var notes: [String] = []
        var listing = Listing(suites: try await discover(hardware: target.hardware, &notes))
        listing.notes = notes
        if let choice {
            (listing.suites, listing.missing) = try await choice.narrow(
                listing.suites, below: configuration.root, using: tools)
        }
        return listing
    }

    /// Gives the units what the configuration demands of them, and finds who waits for whom.
    ///
    /// - Throws: `ConfigurationError` for what matches nothing, if all tests are there, and for circles.
    func dependencies(of listing: inout Listing, isWhole: Bool) throws(ConfigurationError) -> DependencyGraph {
        for index in listing.suites.indices { listing.suites[index].applyConditions() }
        var resolver = DependencyResolver(
            listing.suites.map { suite in
                .init(
                    name: suite.suite.name, conditions: suite.suite.policy.conditions, units: suite.inventory.units)
            }, isWhole: isWhole, file: configuration.file?.lastComponent?.string ?? Configuration.fileName)
        let resolution = try resolver.resolve()
        listing.notes += resolution.notes
        return resolution.graph
    }

    /// The digests of what a plan of these suites is made from.
    func inputs(of suites: [PreparedSuite], shares: [PlanRequest.SuiteShare], commit: String?) -> Plan.Inputs {
        let digests = InputDigests(configuration: configuration, suites: suites, shares: shares)
        return Plan.Inputs(
            commit: commit, inventory: digests.inventory, history: digests.history, configuration: digests.configuration
        )
    }

    /// Cuts units as finely as their runner can; one that cannot be cut is noted, and has no pieces.
    func cut(_ units: [TestUnit], of suite: PreparedSuite, _ notes: inout [String]) async -> [UnitID: [TestUnit]] {
        var pieces: [UnitID: [TestUnit]] = [:]
        for unit in units {
            do throws(RunnerError) {
                pieces[unit.id] = try await suite.runner.split(
                    unit, of: suite.suite, into: suite.runner.profile.finest, using: tools)
            } catch {
                notes.append("\(unit.id) could not be cut as the plan has it: \(error.description)")
            }
        }
        return pieces
    }

    private func discover(
        hardware: HardwareClass, _ notes: inout [String]
    ) async throws(RunnerError) -> [PreparedSuite] {
        var results: [Int: Result<PreparedSuite, RunnerError>] = [:]
        var models: [DurationModel] = []
        for suite in configuration.suites { models.append(model(of: suite, hardware: hardware, &notes)) }
        await withTaskGroup(of: (Int, Result<PreparedSuite, RunnerError>).self) { group in
            for (index, suite) in configuration.suites.enumerated() {
                let model = models[index]
                group.addTask { (index, await discover(suite, model: model)) }
            }
            for await (index, result) in group { results[index] = result }
        }
        var suites: [PreparedSuite] = []
        for index in configuration.suites.indices {
            if let result = results[index] { suites.append(try result.get()) }
        }
        return suites
    }

    private func discover(_ suite: Suite, model: DurationModel) async -> Result<PreparedSuite, RunnerError> {
        guard let runner = runners(suite.runner) else {
            return .failure(
                RunnerError(
                    code: .badConfiguration, suite: suite.name,
                    description:
                        "suite \"\(suite.name)\" wants the runner \"\(suite.runner)\", which dt-ci does not have"))
        }
        do throws(RunnerError) {
            var inventory = try await runner.discover(
                suite, granularity: suite.policy.granularity ?? .file, using: tools)
            let grain = DependencyGrain(suite.name, among: configuration.suites)
            if suite.policy.granularity == nil, runner.profile.finest > .file, grain.isFiner(than: inventory.units) {
                inventory = try await runner.discover(suite, granularity: runner.profile.finest, using: tools)
            }
            let sizes =
                model.isEmpty
                ? FileSizes(of: inventory.units, in: suite.workingDirectory, using: tools.files) : .unknown
            return .success(
                PreparedSuite(
                    suite: suite, runner: runner, inventory: inventory,
                    estimates: UnitEstimates(model: model, costs: runner.profile.costs, sizes: sizes)))
        } catch {
            return .failure(error)
        }
    }

    private func model(of suite: Suite, hardware: HardwareClass, _ notes: inout [String]) -> DurationModel {
        guard let history else { return .empty(suite: suite.name) }
        do throws(HistoryError) {
            let model = try history.durations(suite: suite.name, hardware: hardware)
            if let lender = model.borrowedFrom {
                notes.append("durations of suite \"\(suite.name)\" are from \(lender): \(hardware) has none yet")
            }
            return model
        } catch {
            notes.append("planned without durations of suite \"\(suite.name)\": \(error.description)")
            return .empty(suite: suite.name)
        }
    }
}

extension PlanningPass {
    /// What became of the suites' tests in earlier runs; `nil` where nobody asks or nothing is known.
    private func past(
        of suites: [PreparedSuite], for target: PlanningTarget, _ notes: inout [String]
    ) -> PastFailures? {
        guard target.wantsRisks || target.order == .failedFirst, let history else { return nil }
        do {
            var failures = PastFailures()
            for suite in suites {
                try history.forEachResult(HistoryQuery(suite: suite.suite.name)) { failures.add($0) }
            }
            return failures
        } catch {
            notes.append("what failed last is not known: \(error)")
            return nil
        }
    }
}

extension BatchOrder {
    /// Without what failed, the longest come first.
    fileprivate init(_ order: PlanningTarget.Order, failed: () -> Set<UnitID>?) {
        switch order {
        case .longestFirst: self = .longestFirst
        case .listed: self = .listed
        case .random(let seed): self = .random(seed: seed)
        case .failedFirst: self = failed().map { .failedFirst($0) } ?? .longestFirst
        }
    }
}
