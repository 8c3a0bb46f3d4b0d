package import CICore

/// Makes tests of a run out of the cases of reports: every test once, with its attempts in order.
///
/// The same file, suite path, class and name again within one report are attempts of one test if any of them passed,
/// else tests of their own, told apart by an ordinal. Across reports they stay apart: two jobs that run the same tests
/// must not excuse each other.
package struct TestCollector: Sendable {
    private var groups: [[ReportedTest]] = []
    private var places: [UInt64: Int] = [:]
    private var used: [TestID: Int] = [:]
    private var records: [TestRecord] = []

    package init() {}

    /// Takes the next case of the current report.
    package mutating func add(_ test: ReportedTest) {
        let identity = IdentityHash.of(test)
        if let place = places[identity] {
            groups[place].append(test)
        } else {
            places[identity] = groups.count
            groups.append([test])
        }
    }

    /// Takes a test that is merged already, such as one of a `results.json`.
    package mutating func add(_ test: TestRecord) {
        var test = test
        test.id = unique(test.id)
        records.append(test)
    }

    /// Ends the current report: what comes next is told apart from it.
    ///
    /// - Returns: the counts of the report.
    @discardableResult
    package mutating func endReport() -> Totals {
        var totals = Totals()
        for group in groups {
            if group.contains(where: { $0.outcome == .passed }) {
                totals.add(record(of: group[0], attempts: group.flatMap(\.attempts)))
            } else {
                for test in group { totals.add(record(of: test, attempts: test.attempts)) }
            }
        }
        groups = []
        places = [:]
        return totals
    }

    /// All tests, in the order in which they first came.
    package consuming func finish() -> [TestRecord] {
        endReport()
        return records
    }

    private mutating func record(of test: ReportedTest, attempts: [Attempt]) -> TestRecord {
        let suite = SuiteName(test.suitePath.joined(separator: " / "))
        let identity = TestIdentity(
            suite: suite, className: test.className, name: test.name, location: test.location)
        let selector = test.className.isEmpty ? test.name : "\(test.className)::\(test.name)"
        let id = unique(TestID(suite: suite, selector: selector))
        let container = test.location?.file ?? (test.className.isEmpty ? suite.rawValue : test.className)
        let record = TestRecord(
            id: id, identity: identity, container: container, attempts: attempts, attachments: test.attachments)
        records.append(record)
        return record
    }

    /// The id itself, or with the first ordinal that is free.
    private mutating func unique(_ id: TestID) -> TestID {
        guard let count = used[id] else {
            used[id] = 1
            return id
        }
        var ordinal = count + 1
        while used[TestID("\(id.rawValue)#\(ordinal)")] != nil { ordinal += 1 }
        used[id] = ordinal
        let free = TestID("\(id.rawValue)#\(ordinal)")
        used[free] = 1
        return free
    }
}
