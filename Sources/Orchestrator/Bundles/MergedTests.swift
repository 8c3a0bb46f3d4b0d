import CICore

/// Every test of a run once, with the attempts of all bundles that have it.
struct MergedTests {
    private(set) var records: [TestRecord] = []
    private(set) var quarantined: Set<TestID> = []
    /// By record: the place of its machine's hardware class in the list of the merge.
    private(set) var hardware: [Int] = []
    private var places: [TestID: Int] = [:]

    /// Takes a test; one that is there already gets its attempts.
    mutating func add(_ test: TestRecord, isQuarantined: Bool, hardware class: Int) {
        if isQuarantined { quarantined.insert(test.id) }
        guard let place = places[test.id] else {
            places[test.id] = records.count
            records.append(test)
            hardware.append(`class`)
            return
        }
        records[place].attempts += test.attempts
        records[place].attachments += test.attachments.filter { !records[place].attachments.contains($0) }
    }

    /// Whether a test has a result.
    func contains(_ id: TestID) -> Bool { places[id] != nil }
}

/// The tests of one node that left several bundles: the same work was done again.
struct RepeatedTests {
    private var tests = MergedTests()
    /// Those of the latest bundle.
    private var latest: Set<TestID> = []

    /// The next bundle, a later attempt or as late as the last one.
    mutating func begin() { latest = [] }

    mutating func add(_ test: TestRecord, isQuarantined: Bool) {
        latest.insert(test.id)
        tests.add(test, isQuarantined: isQuarantined, hardware: 0)
    }

    /// Hands over what counts: all tests, or those of the latest bundle where that proves that nothing is missing in it,
    /// since what an earlier attempt alone has are the traces of its own end.
    ///
    /// - Returns: how many tests were left out.
    func finish(latestIsWhole: Bool, _ body: (TestRecord, Bool) -> Void) -> Int {
        var left = 0
        for test in tests.records {
            guard !latestIsWhole || latest.contains(test.id) else {
                left += 1
                continue
            }
            body(test, tests.quarantined.contains(test.id))
        }
        return left
    }
}
