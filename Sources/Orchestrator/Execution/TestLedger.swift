import Artifacts
package import CICore

/// The run's books: what was to run, what has a result, and so what is lost.
///
/// A unit whose tests are known is settled test by test; one whose tests are unknown is settled when a batch with it
/// ended normally.
package struct TestLedger: Sendable {
    /// Every test with a result, in the order of first results.
    package private(set) var records: [TestRecord] = []
    private var recordIndex: [TestID: Int] = [:]
    /// Records made up for a process that died, until a report brings the test's own names.
    private var provisional: Set<TestID> = []

    private var units: [UnitID] = []
    private var known: [UnitID: [String]] = [:]
    private var suites: [UnitID: SuiteName] = [:]
    private var settled: Set<UnitID> = []
    /// `suite::selector` and `suite::identifier` of every result.
    private var seen: Set<TestID> = []

    /// - Parameters:
    ///   - planned: what is to run.
    ///   - absent: what was planned elsewhere and is not here: lost from the start.
    package init(units planned: [TestUnit], absent: [UnitID] = []) {
        for unit in planned where suites.updateValue(unit.suite, forKey: unit.id) == nil {
            units.append(unit.id)
            known[unit.id] = unit.tests
        }
        for unit in absent where suites[unit] == nil {
            units.append(unit)
            suites[unit] = SuiteName("")
        }
    }

    package subscript(id: TestID) -> TestRecord? { recordIndex[id].map { records[$0] } }

    /// Tests known so far, listed or reported.
    package var knownTests: Int { max(records.count, known.values.reduce(0) { $0 + $1.count }) }

    /// Whether a test has a result under its selector or its identifier.
    package func hasResult(_ suite: SuiteName, _ selector: String) -> Bool {
        seen.contains(TestID(suite: suite, selector: selector))
    }

    /// Books the attempts of one observed test.
    package mutating func book(_ observed: ObservedTest, suite: SuiteName) {
        seen.insert(observed.id)
        seen.insert(TestID(suite: suite, selector: observed.address.selector))
        seen.insert(TestID(suite: suite, selector: observed.address.identifier))
        let test = observed.test
        let identity = TestIdentity(
            suite: suite, className: test.className, name: test.name, location: test.location)
        if let index = recordIndex[observed.id] {
            records[index].attempts += test.attempts
            records[index].attachments += test.attachments
            if provisional.remove(observed.id) != nil { records[index].identity = identity }
        } else {
            append(
                TestRecord(
                    id: observed.id, identity: identity, container: observed.address.container,
                    attempts: test.attempts, attachments: test.attachments))
        }
    }

    /// Books an attempt that no report tells of: the process died or hung in it.
    package mutating func bookDeath(of selector: String, container: String, suite: SuiteName, _ attempt: Attempt) {
        let id = TestID(suite: suite, selector: selector)
        seen.insert(id)
        if let index = recordIndex[id] {
            records[index].attempts.append(attempt)
            return
        }
        provisional.insert(id)
        append(
            TestRecord(
                id: id, identity: Self.identity(of: selector, container, suite),
                container: container, attempts: [attempt]))
    }

    /// What a test is called that no report names: its selector without the container in front.
    private static func identity(of selector: String, _ container: String, _ suite: SuiteName) -> TestIdentity {
        var name = selector[...]
        if selector != container, name.hasPrefix(container) {
            name = name.dropFirst(container.count).drop { ":/#. ".contains($0) }
        }
        return TestIdentity(suite: suite, className: container, name: name.isEmpty ? selector : String(name))
    }

    /// A listing or the runner's own collection told which tests a unit holds.
    package mutating func learn(tests: [String], of unit: UnitID) {
        guard suites[unit] != nil, known[unit] == nil else { return }
        known[unit] = tests
    }

    /// A batch with this unit ended normally, or its end has a record of its own.
    package mutating func settle(_ unit: UnitID) { settled.insert(unit) }

    /// The tests of a unit, where they are known.
    package func tests(of unit: UnitID) -> [String]? { known[unit] }

    /// Everything that was to run and has no result, in the order of the plan.
    package func lost() -> [TestID] {
        units.flatMap { unit -> [TestID] in
            guard let suite = suites[unit] else { return [] }
            if let tests = known[unit] {
                return tests.map { TestID(suite: suite, selector: $0) }.filter { !seen.contains($0) }
            }
            return settled.contains(unit) ? [] : [TestID(unit.rawValue)]
        }
    }

    /// Takes over the books of other units.
    package mutating func absorb(_ other: TestLedger) {
        for unit in other.units where suites[unit] == nil {
            units.append(unit)
            suites[unit] = other.suites[unit]
            known[unit] = other.known[unit]
        }
        for record in other.records where recordIndex[record.id] == nil { append(record) }
        provisional.formUnion(other.provisional)
        settled.formUnion(other.settled)
        seen.formUnion(other.seen)
    }

    /// Takes over results that another machine has for these units; `lost` is what it had none for, `nil` = unknown, so
    /// that only what has a result counts.
    package mutating func adopt(_ others: [TestUnit], tests: [TestRecord], lost: [TestID]?) {
        absorb(TestLedger(units: others))
        for record in tests where recordIndex[record.id] == nil {
            append(record)
            seen.insert(record.id)
        }
        guard let lost = lost.map(Set.init) else { return }
        for unit in others {
            if !lost.contains(TestID(unit.id.rawValue)) { settled.insert(unit.id) }
            let names = (known[unit.id] ?? []).map { TestID(suite: unit.suite, selector: $0) }
            seen.formUnion(names.filter { !lost.contains($0) })
        }
    }

    /// The first test of a unit that was to run and has no result; `nil` if there is none.
    func lostTest(of unit: UnitID) -> TestID? {
        guard let suite = suites[unit] else { return nil }
        if let tests = known[unit] {
            return tests.lazy.map { TestID(suite: suite, selector: $0) }.first { !seen.contains($0) }
        }
        return settled.contains(unit) ? nil : TestID(unit.rawValue)
    }

    private mutating func append(_ record: TestRecord) {
        recordIndex[record.id] = records.count
        records.append(record)
    }
}
