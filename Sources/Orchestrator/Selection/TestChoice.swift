package import CICore
import SystemPackage

/// What `--only`, `--only-failed` or `--sample` leaves of the suites.
package struct TestChoice: Sendable, Hashable {
    /// As they were written; empty = everything, of which a sample may be left.
    package var patterns: [String]
    /// What gave them, for errors: an option or a variable.
    package var source: String
    /// Whether a pattern that means nothing is a remark rather than a mistake: what failed last time may be gone.
    package var toleratesMissing: Bool
    /// At most so many units of each suite, the first ones; `nil` = all.
    package var sample: Int?

    package init(
        _ patterns: [String], source: String = "--only", toleratesMissing: Bool = false, sample: Int? = nil
    ) {
        self.sample = sample
        self.patterns = patterns
        self.source = source
        self.toleratesMissing = toleratesMissing
    }

    /// The suites that have to be listed at all: those that the patterns name, or all of them.
    package func suites(among suites: [Suite]) -> [Suite] {
        guard !patterns.isEmpty else { return suites }
        let names = suites.map(\.name)
        let owners = patterns.map { OnlyPattern($0, among: names).suite }
        let named = suites.filter { suite in owners.contains { $0 == nil || $0 == suite.name } }.map(\.name)
        let companions = Suite.companions(of: Set(named), among: suites).map(\.0)
        return suites.filter { named.contains($0.name) || companions.contains($0.name) }
    }

    /// The ids that a pattern covers: tests of earlier results, whose suites need not be listed.
    package func among(_ ids: [TestID], suites: [SuiteName]) -> [TestID] {
        let patterns = patterns.map { OnlyPattern($0, among: suites) }
        return ids.filter { id in
            suites.contains { suite in
                id.rawValue.hasPrefix(suite.rawValue + "::") && patterns.contains { $0.covers(id, of: suite) }
            }
        }
    }

    /// Keeps of the suites what the patterns mean; a suite of which nothing is left is dropped.
    ///
    /// Runners are asked for their single tests only where no unit is called as the pattern says.
    ///
    /// - Returns: the suites, and the patterns that meant nothing where that is tolerated.
    /// - Throws: `ConfigurationError` for patterns that mean nothing, `RunnerError` for a suite that cannot be listed.
    func narrow(
        _ suites: [PreparedSuite], below root: FilePath, using tools: RunnerTools
    ) async throws -> (suites: [PreparedSuite], missing: [String]) {
        guard !patterns.isEmpty else { return (sampled(suites), []) }
        var narrowing = Narrowing(suites, root: root, tools: tools)
        var missing: [String] = []
        for text in patterns {
            let pattern = OnlyPattern(text, among: suites.map(\.suite.name))
            if try await !narrowing.take(pattern) { missing.append(text) }
        }
        guard missing.isEmpty || toleratesMissing && missing.count < patterns.count else {
            let nearby = NearbyTests(in: narrowing.everything)
            throw ConfigurationError(missing.map { nearby.issue(for: $0, source: source) })
        }
        let left = sampled(narrowing.left)
        let companions = Suite.companions(of: Set(left.map(\.suite.name)), among: suites.map(\.suite)).map(\.0)
        let whole = suites.compactMap { suite -> PreparedSuite? in
            // What prepares and cleans up is needed whole.
            if companions.contains(suite.suite.name) { return suite }
            return left.first { $0.suite.name == suite.suite.name }
        }
        return (whole, missing)
    }

    private func sampled(_ suites: [PreparedSuite]) -> [PreparedSuite] {
        guard let sample else { return suites }
        return suites.map { suite in
            var suite = suite
            suite.inventory.units = Array(suite.inventory.units.prefix(sample))
            return suite
        }
    }
}

/// The work of narrowing suites, pattern by pattern.
private struct Narrowing {
    private let suites: [PreparedSuite]
    private let root: FilePath
    private let tools: RunnerTools
    private var chosen: [ChosenUnits]
    /// The units of a suite cut as finely as its runner can, once a pattern had need of them.
    private var pieces: [Int: [TestUnit]] = [:]

    init(_ suites: [PreparedSuite], root: FilePath, tools: RunnerTools) {
        self.suites = suites
        self.root = root
        self.tools = tools
        chosen = suites.map { _ in ChosenUnits() }
    }

    /// Every unit and piece that was seen.
    var everything: [TestUnit] { suites.indices.flatMap { (pieces[$0] ?? []) + suites[$0].inventory.units } }

    /// What is left of the suites.
    var left: [PreparedSuite] {
        suites.indices.compactMap { index in
            var suite = suites[index]
            suite.inventory.units = chosen[index].settled(listed: suite.inventory.units, pieces: pieces[index])
            return suite.inventory.units.isEmpty ? nil : suite
        }
    }

    /// Chooses what a pattern means; `false` if that is nothing.
    mutating func take(_ pattern: OnlyPattern) async throws(RunnerError) -> Bool {
        let concerned = suites.indices.filter { pattern.concerns(suites[$0].suite.name) }
        var found = false
        for index in concerned {
            found = choose(listed(pattern, index), in: index) || found
        }
        if found { return true }
        for index in concerned {
            found = choose(try await cut(pattern, index), in: index) || found
        }
        if found { return true }
        for index in concerned {
            found = choose(try await searched(pattern, index), in: index) || found
        }
        return found
    }

    private mutating func choose(_ units: [TestUnit], in index: Int) -> Bool {
        chosen[index].add(units)
        return !units.isEmpty
    }

    /// What the listing knows by that name.
    private func listed(_ pattern: OnlyPattern, _ index: Int) -> [TestUnit] {
        let suite = suites[index]
        if pattern.isWhole(suite.suite, below: root) { return suite.inventory.units }
        return choice(of: suite.inventory.units, index).called(names(pattern, index))
    }

    /// What one unit holds by that name, once its runner has listed that unit alone.
    private func cut(_ pattern: OnlyPattern, _ index: Int) async throws(RunnerError) -> [TestUnit] {
        let suite = suites[index]
        let names = names(pattern, index)
        guard let unit = choice(of: suite.inventory.units, index).around(names) else { return [] }
        let finest = suite.runner.profile.finest
        guard unit.granularity < finest else {
            guard pattern.suite != nil else { return [] }
            return [suite.runner.profile.knowsTestsById ? SuiteChoice.unlisted(names, in: unit) : unit]
        }
        let cut = choice(
            of: try await suite.runner.split(unit, of: suite.suite, into: finest, using: tools), index)
        let found = cut.called(names)
        return found.isEmpty && pattern.suite != nil ? cut.ofRow(names) : found
    }

    /// What all tests of the suite come to.
    private mutating func searched(_ pattern: OnlyPattern, _ index: Int) async throws(RunnerError) -> [TestUnit] {
        let choice = choice(of: try await finestUnits(index), index)
        let names = names(pattern, index)
        let found = choice.called(names)
        guard found.isEmpty else { return found }
        let suite = suites[index].suite
        let parts = choice.matching { pattern.covers($0, in: $1, of: suite, below: root) }
        return parts.isEmpty ? choice.ofRow(names) : parts
    }

    private mutating func finestUnits(_ index: Int) async throws(RunnerError) -> [TestUnit] {
        if let known = pieces[index] { return known }
        let suite = suites[index]
        let finest = suite.runner.profile.finest
        let isKnown = suite.inventory.units.allSatisfy { $0.tests != nil || $0.granularity >= finest }
        let units =
            isKnown
            ? suite.inventory.units
            : try await suite.runner.discover(suite.suite, granularity: finest, using: tools).units
        pieces[index] = units
        return units
    }

    private func choice(of units: [TestUnit], _ index: Int) -> SuiteChoice {
        SuiteChoice(units: units, canSelectTests: suites[index].runner.profile.canSelectTests)
    }

    private func names(_ pattern: OnlyPattern, _ index: Int) -> [String] {
        pattern.names(in: suites[index].suite, below: root)
    }
}
