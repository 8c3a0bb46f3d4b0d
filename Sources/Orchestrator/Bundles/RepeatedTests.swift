import CICore

/// The tests of one node that left several bundles: the same work was done again.
struct RepeatedTests {
    private var records: [TestRecord] = []
    /// Of each record: that of its last attempt.
    private var groups: [Int] = []
    private var group = 0
    private var places: [TestID: Int] = [:]
    private var quarantined: Set<TestID> = []
    /// Those of the latest bundle.
    private var latest: Set<TestID> = []

    /// The next bundle, a later attempt or as late as the last one.
    mutating func begin(group: Int) {
        latest = []
        self.group = group
    }

    mutating func add(_ test: TestRecord, isQuarantined: Bool) {
        latest.insert(test.id)
        if isQuarantined { quarantined.insert(test.id) }
        if let place = places[test.id] {
            records[place].attempts += test.attempts
            groups[place] = group
            records[place].attachments += test.attachments.filter { !records[place].attachments.contains($0) }
        } else {
            places[test.id] = records.count
            records.append(test)
            groups.append(group)
        }
    }

    /// Hands over what counts: all tests, or those of the latest bundle where that proves that nothing is missing in it,
    /// since what an earlier attempt alone has are the traces of its own end.
    ///
    /// - Returns: how many tests were left out.
    func finish(latestIsWhole: Bool, _ body: (TestRecord, Bool, Int) -> Void) -> Int {
        var left = 0
        for (place, test) in records.enumerated() {
            guard !latestIsWhole || latest.contains(test.id) else {
                left += 1
                continue
            }
            body(test, quarantined.contains(test.id), groups[place])
        }
        return left
    }
}
