package import CICore

/// What no key of the conditions can see alone: unknown names, claims that can never be met, suites that wait for
/// themselves.
struct ConditionCheck {
    private let suites: [Settings]
    private let names: [String]
    private let book: ConditionBook
    private let root: Settings

    init(_ root: Settings) {
        self.root = root
        suites = root[RootKeys.suites] ?? []
        names = suites.compactMap { $0[SuiteKeys.name] }
        book = ConditionBook(root)
    }

    /// Reports everything that is wrong.
    func report(to reading: inout Reading) {
        let place = root.origin(of: RootKeys.groups.name).position
        for (name, members) in book.groups.sorted(by: { $0.key < $1.key }) {
            for member in members { check(member, at: place, inGroup: name, &reading) }
        }
        for suite in suites { check(suite, &reading) }
        reportCycles(to: &reading)
    }

    private func check(_ suite: Settings, _ reading: inout Reading) {
        let own = suite[SuiteKeys.name] ?? ""
        let at = { (name: String) in suite.origin(of: name).position ?? suite.position }
        for text in suite[ConditionKeys.after] ?? [] {
            check(text, at: at("after"), &reading)
            if text == own { refuseItself(text, at: at("after"), &reading) }
        }
        for name in suite[ConditionKeys.setup] ?? [] {
            checkSuite(name, at: at("setup"), "a suite", &reading)
            if name == own { refuseItself(name, at: at("setup"), &reading) }
        }
        if let name = suite[ConditionKeys.teardown] ?? nil {
            checkSuite(name, at: at("teardown"), "a suite, or none", &reading)
            if name == own { refuseItself(name, at: at("teardown"), &reading) }
        }
        check(suite[ConditionKeys.exclusive] ?? [:], at: at("exclusive"), &reading)
        for rule in suite[ConditionKeys.rules] ?? [] {
            let at = { (name: String) in rule.origin(of: name).position ?? rule.position }
            for text in rule[RuleKeys.after] ?? [] { check(text, at: at("after"), &reading) }
            check(rule[RuleKeys.exclusive] ?? [:], at: at("exclusive"), &reading)
            let says = [
                RuleKeys.after.name, RuleKeys.exclusive.name, RuleKeys.serial.name, RuleKeys.requires.name,
            ].contains { rule.origin(of: $0) != .standard }
            if !says {
                reading.report(
                    rule.position, "a rule that says nothing", expected: "after, exclusive, serial or requires")
            }
        }
    }

    private func check(
        _ text: String, at position: ConfigurationError.Position?, inGroup group: String? = nil,
        _ reading: inout Reading
    ) {
        switch ReferenceText(text) {
        case .suite(let name), .tests(suite: let name, pattern: _):
            checkSuite(name, at: position, Shape<[String]>.references.expectation, &reading)
        case .group(let name):
            if let group {
                reading.report(
                    position, "the group \"\(YAMLDocument.excerpt(group))\" holds another group",
                    expected: "what that group stands for")
            } else if book.groups[name] == nil {
                let known = book.groups.keys.sorted()
                reading.report(
                    position, "no group is called \"\(YAMLDocument.excerpt(name))\"",
                    expected: known.isEmpty ? "\"groups:\" that names it" : known.joined(separator: ", "),
                    nearest: NearestMatch.of(name, in: known))
            }
        case .tag(let name):
            if name.isEmpty { reading.report(position, "found \"tag:\"", expected: "tag:NAME") }
        }
    }

    private func checkSuite(
        _ name: String, at position: ConfigurationError.Position?, _ expectation: String, _ reading: inout Reading
    ) {
        guard !names.contains(name) else { return }
        let nearest = NearestMatch.of(name, in: names)
        reading.report(
            position, "no suite is called \"\(YAMLDocument.excerpt(name))\"",
            expected: nearest == nil ? expectation : nil, nearest: nearest)
    }

    private func refuseItself(_ name: String, at position: ConfigurationError.Position?, _ reading: inout Reading) {
        reading.report(
            position, "the suite \"\(YAMLDocument.excerpt(name))\" waits for itself", expected: "another suite")
    }

    private func check(
        _ claims: [String: Int], at position: ConfigurationError.Position?, _ reading: inout Reading
    ) {
        for (name, count) in claims.sorted(by: { $0.key < $1.key }) {
            let capacity = book.semaphores[name] ?? 1
            guard count > capacity else { continue }
            reading.report(
                position,
                "takes \(count) of \"\(YAMLDocument.excerpt(name))\", which has \(counted(capacity, "place"))",
                expected: "at most \(capacity), or more places in \"semaphores:\"")
        }
    }

    private func reportCycles(to reading: inout Reading) {
        let order = SuiteOrder(
            suites.map { suite in
                let conditions = Suite.Conditions(suite, book)
                return (SuiteName(suite[SuiteKeys.name] ?? ""), conditions)
            })
        for cycle in order.cycles {
            let first = suites.first { $0[SuiteKeys.name] == cycle.first?.rawValue }
            reading.report(
                first.flatMap { $0.origin(of: "after").position ?? $0.origin(of: "setup").position ?? $0.position },
                "suites wait for each other: \(cycle.map(\.rawValue).joined(separator: " → "))",
                expected: "an order in which each can run")
        }
    }
}

/// Which suites wait for which as a whole.
package struct SuiteOrder {
    private let names: [SuiteName]
    /// For each suite the suites that it waits for, teardown included.
    private let waits: [[Int32]]

    package init(_ suites: [(name: SuiteName, conditions: Suite.Conditions)]) {
        names = suites.map(\.name)
        let places = Dictionary(suites.enumerated().map { ($1.name, Int32($0)) }) { first, _ in first }
        var waits: [[Int32]] = suites.enumerated().map { index, suite in
            suite.conditions.references.flatMap(\.targets).compactMap { target in
                // A suite that names itself is told elsewhere.
                if case .suite(let name) = target, let place = places[name], place != index { place } else { nil }
            }
        }
        let direct = waits
        for (index, suite) in suites.enumerated() {
            guard let name = suite.conditions.teardown, let teardown = places[name], teardown != index else { continue }
            let held = Self.dependents(of: Int32(index), in: direct).filter { $0 != teardown }
            waits[Int(teardown)] += [Int32(index)] + held
        }
        self.waits = waits
    }

    private static func dependents(of place: Int32, in waits: [[Int32]]) -> [Int32] {
        var found: Set<Int32> = []
        var open = [place]
        while let next = open.popLast() {
            for index in waits.indices where waits[index].contains(next) && found.insert(Int32(index)).inserted {
                open.append(Int32(index))
            }
        }
        return found.sorted()
    }

    /// Suites that wait for each other, each way with its first suite at both ends.
    package var cycles: [[SuiteName]] {
        CycleSearch.cycles(names.count) { waits[$0] }.map { $0.map { names[$0] } }
    }
}

extension Suite {
    /// Which suites are part of a run of some suites beside these: what prepares them, and what cleans up.
    ///
    /// - Returns: their names, each with why, in the order of the suites.
    package static func companions(of chosen: Set<SuiteName>, among suites: [Suite]) -> [(SuiteName, String)] {
        let known = Dictionary(suites.map { ($0.name, $0.policy.conditions) }) { first, _ in first }
        var reasons: [SuiteName: String] = [:]
        var open = suites.map(\.name).filter(chosen.contains)
        while let name = open.popLast() {
            guard let conditions = known[name] else { continue }
            let wanted =
                conditions.setup.map { ($0, "prepares \(name)") }
                + [conditions.teardown].compactMap(\.self).map { ($0, "cleans up after \(name)") }
            for (other, reason) in wanted
            where !chosen.contains(other) && reasons[other] == nil && known[other] != nil {
                reasons[other] = reason
                open.append(other)
            }
        }
        return suites.compactMap { suite in reasons[suite.name].map { (suite.name, $0) } }
    }
}
