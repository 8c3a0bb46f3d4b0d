package import CICore

/// Cuts units that are too long for one slot, where runner and configuration allow it.
///
/// A unit is too long above 0.7 × (all expected work ÷ slots), as in Knapsack's rule for slow files; and, while nothing
/// is known of it, wherever there are fewer units than slots. What is bonded or serial is never cut, and nothing that
/// is known to save less than the start that it costs.
package struct UnitSplitter: Sendable {
    /// The share of a slot's work above which a unit is too long.
    private static let threshold = 0.7
    /// All slots of all nodes.
    private let slots: Int
    private let tools: RunnerTools
    /// At most so many listings at once.
    private let width: Int

    package init(slots: Int, tools: RunnerTools, width: Int) {
        self.slots = max(1, slots)
        self.tools = tools
        self.width = max(1, width)
    }

    /// Cuts the long units of the suites and says what was done.
    package func split(_ suites: inout [PreparedSuite]) async -> [UnitCut] {
        let candidates = candidates(in: suites)
        var pieces: [Candidate: [TestUnit]] = [:]
        var cuts: [UnitCut] = []
        for (candidate, result) in await results(of: candidates, in: suites) {
            let unit = suites[candidate.suite].inventory.units[candidate.unit]
            let estimate = suites[candidate.suite].estimates.estimate(of: unit)
            var cut = UnitCut(unit: unit.id, estimate: estimate, reason: candidate.reason)
            switch result {
            case .success(let units) where units.count > 1:
                pieces[candidate] = units
                cut.pieces = units.count
                cut.parts = units.map(\.id)
            case .success: cut.problem = "it holds nothing that can be run apart"
            case .failure(let error): cut.problem = error.description
            }
            cuts.append(cut)
        }
        replace(pieces, in: &suites)
        return cuts
    }

    private func replace(_ pieces: [Candidate: [TestUnit]], in suites: inout [PreparedSuite]) {
        let bySuite = Dictionary(grouping: pieces) { $0.key.suite }
        for (suite, entries) in bySuite {
            let byUnit = Dictionary(uniqueKeysWithValues: entries.map { ($0.key.unit, $0.value) })
            suites[suite].inventory.units = suites[suite].inventory.units.enumerated().flatMap { index, unit in
                byUnit[index] ?? [unit]
            }
        }
    }

    private func results(
        of candidates: [Candidate], in suites: [PreparedSuite]
    ) async -> [(Candidate, Result<[TestUnit], RunnerError>)] {
        var results: [(Candidate, Result<[TestUnit], RunnerError>)] = []
        await withTaskGroup(of: (Candidate, Result<[TestUnit], RunnerError>).self) { group in
            var waiting = candidates.makeIterator()
            let start = { (group: inout TaskGroup<(Candidate, Result<[TestUnit], RunnerError>)>) in
                guard let candidate = waiting.next() else { return }
                let suite = suites[candidate.suite]
                group.addTask { (candidate, await pieces(of: suite.inventory.units[candidate.unit], in: suite)) }
            }
            for _ in 0..<width { start(&group) }
            for await result in group {
                results.append(result)
                start(&group)
            }
        }
        return results.sorted { ($0.0.suite, $0.0.unit) < ($1.0.suite, $1.0.unit) }
    }

    private func pieces(of unit: TestUnit, in suite: PreparedSuite) async -> Result<[TestUnit], RunnerError> {
        do throws(RunnerError) {
            return .success(
                try await suite.runner.split(
                    unit, of: suite.suite, into: suite.runner.profile.finest, using: tools))
        } catch {
            return .failure(error)
        }
    }
}

extension UnitSplitter {
    /// A unit to cut, by its place.
    private struct Candidate: Hashable {
        var suite: Int
        var unit: Int
        var reason: UnitCut.Reason
    }

    private func candidates(in suites: [PreparedSuite]) -> [Candidate] {
        let estimates = suites.map { suite in suite.inventory.units.map(suite.estimates.estimate) }
        let total = estimates.joined().reduce(Duration.zero) { $0 + $1.duration }
        let share = total / slots
        let isScarce = estimates.reduce(0) { $0 + $1.count } < slots
        var candidates: [Candidate] = []
        for (index, suite) in suites.enumerated() where suite.allowsCuts {
            for (position, unit) in suite.inventory.units.enumerated() where unit.allowsCuts(by: suite.runner) {
                let estimate = estimates[index][position]
                if estimate.basis.isGuess {
                    if isScarce { candidates.append(Candidate(suite: index, unit: position, reason: .scarce)) }
                } else if estimate.duration > share * Self.threshold,
                    estimate.duration - share > suite.estimates.start.duration
                {
                    candidates.append(Candidate(suite: index, unit: position, reason: .long(share: share)))
                }
            }
        }
        return candidates
    }
}

/// A unit that was found too long, and what came of it.
package struct UnitCut: Sendable, Hashable {
    package var unit: UnitID
    package var estimate: Estimate
    package var reason: Reason
    /// The units that it became; `nil` if it was left whole.
    package var pieces: Int?
    /// Those units, in their order; empty if it was left whole.
    package var parts: [UnitID] = []
    /// Why it was left whole, as a clause.
    package var problem: String?

    package init(unit: UnitID, estimate: Estimate, reason: Reason) {
        self.unit = unit
        self.estimate = estimate
        self.reason = reason
    }

    /// Why it was to be cut.
    package enum Reason: Sendable, Hashable {
        /// Longer than 0.7 of a slot's share of all work.
        case long(share: Duration)
        /// Fewer units than slots, and no durations known.
        case scarce
    }
}

extension Estimate.Basis {
    /// Whether it says nothing about the unit itself.
    var isGuess: Bool {
        switch self {
        case .history, .declared: false
        case .directory, .runnerDefault: true
        }
    }
}

extension PreparedSuite {
    fileprivate var allowsCuts: Bool { suite.policy.granularity == nil && !suite.policy.isSerial }
}

extension TestUnit {
    fileprivate func allowsCuts(by runner: any TestRunner) -> Bool {
        granularity < runner.profile.finest && constraints.bond == nil && !constraints.isSerial
    }
}
