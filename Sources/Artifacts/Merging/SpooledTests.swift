package import CICore

/// The tests that a `TestSpool` has joined, in the order in which they first came; each is read from disk when it is asked
/// for.
package struct SpooledTests: Sequence, Sendable {
    let entries: [Entry]
    let suites: [SuiteName]
    let shelves: [ShelvedTests]

    /// What is known of a test without reading it.
    struct Entry: Sendable {
        var hash: UInt64 = 0
        var json = SpoolRange()
        var xml = SpoolRange()
        /// Of the attempt that decided, in nanoseconds.
        var nanoseconds: Int64 = 0
        var suite: Int32 = 0
        /// Where the ranges are.
        var shelf: Int16 = 0
        var attempts: Int32 = 1
        var group: Int16 = 0
        var outcome = Outcome.passed
        var isFlaky = false
        var isQuarantined = false

        init() {}

        init(_ test: TestRecord, isQuarantined: Bool, group: Int, suite: Int32, hash: UInt64) {
            self.hash = hash
            self.suite = suite
            self.group = Int16(clamping: group)
            self.isQuarantined = isQuarantined
            nanoseconds = Int64(test.duration / .nanoseconds(1))
            attempts = Int32(clamping: test.attempts.count)
            outcome = test.outcome
            isFlaky = test.isFlaky
        }
    }

    /// No tests.
    package static let none = SpooledTests(entries: [], suites: [], shelves: [])

    package var count: Int { entries.count }

    /// The counts of all tests.
    package var totals: Totals {
        var totals = Totals()
        for entry in entries {
            totals.add(outcome: entry.outcome, isFlaky: entry.isFlaky, attempts: Int(entry.attempts))
        }
        return totals
    }

    package var quarantinedCount: Int { entries.count { $0.isQuarantined } }

    /// Tests that were skipped and are not quarantined.
    package var skippedCount: Int { entries.count { !$0.isQuarantined && $0.outcome == .skipped } }

    /// Tests that failed and are not quarantined.
    package var failedCount: Int { entries.count { !$0.isQuarantined && $0.outcome.isFailure } }

    /// Quarantined tests.
    package var quarantined: Set<TestID> { Set(records { $0.isQuarantined }.map(\.id)) }

    /// What reports show by name: failures, flaky tests and the slowest, in the order of the run.
    ///
    /// Beyond `limit` tests only their ids and messages are kept.
    package func notable(slowest: Int = 10, limit: Int = 2000) -> [TestRecord] {
        let slow = Set(
            entries.indices.first(slowest) { (entries[$0].nanoseconds, $1) > (entries[$1].nanoseconds, $0) })
        var found: [TestRecord] = []
        for (place, entry) in entries.enumerated()
        where entry.outcome.isFailure || entry.isFlaky || slow.contains(place) {
            guard var test = shelves[Int(entry.shelf)].record(of: entry) else { continue }
            if found.count >= limit { test.forgetTexts() }
            found.append(test)
        }
        return found
    }

    /// The tests of one group.
    package func group(_ group: Int) -> some Sequence<TestRecord> & Sendable {
        var part = entries
        part.removeAll { Int($0.group) != group }
        return SpooledTests(entries: part, suites: suites, shelves: shelves)
    }

    private func records(where isWanted: (Entry) -> Bool) -> [TestRecord] {
        entries.lazy.filter(isWanted).compactMap { shelves[Int($0.shelf)].record(of: $0) }
    }

    static func record(from bytes: [UInt8]) -> TestRecord? {
        bytes.withUnsafeBufferPointer { ResultsV1.test($0)?.0 }
    }

    /// The tests as `results.json` has them.
    var json: Windows { Windows(shelves.map { SpoolWindow($0.json) }) }

    /// The tests as `junit.xml` has them.
    var xml: Windows { Windows(shelves.map { SpoolWindow($0.xml) }) }

    /// Reads the documents of tests that mostly follow one another on their shelves.
    struct Windows {
        private var windows: [SpoolWindow]

        fileprivate init(_ windows: [SpoolWindow]) { self.windows = windows }

        /// Hands over what the range of a shelf holds.
        mutating func read<Value>(
            _ range: SpoolRange, ofShelf shelf: Int16, _ body: (UnsafeBufferPointer<UInt8>) -> Value
        ) -> Value {
            windows[Int(shelf)].read(range, body)
        }
    }

    /// Reads test after test.
    package struct Iterator: IteratorProtocol {
        private let entries: [Entry]
        private var windows: Windows
        private var place = 0

        fileprivate init(_ tests: SpooledTests) {
            entries = tests.entries
            windows = tests.json
        }

        package mutating func next() -> TestRecord? {
            while place < entries.count {
                let entry = entries[place]
                place += 1
                if let test = windows.read(entry.json, ofShelf: entry.shelf, { ResultsV1.test($0)?.0 }) { return test }
            }
            return nil
        }
    }

    package func makeIterator() -> Iterator { Iterator(self) }
}

extension TestRecord {
    /// Leaves the message of each attempt.
    fileprivate mutating func forgetTexts() {
        for index in attempts.indices {
            attempts[index].output = nil
            attempts[index].reason?.details = nil
        }
    }
}

extension Collection<Int> {
    /// The first so many by an order, without sorting the others; in no particular order.
    fileprivate func first(_ count: Int, by isBefore: (Int, Int) -> Bool) -> [Int] {
        var best: [Int] = []
        for element in self {
            if best.count == count, let last = best.last, !isBefore(element, last) { continue }
            best.insert(element, at: best.firstIndex { isBefore(element, $0) } ?? best.count)
            if best.count > count { best.removeLast() }
        }
        return best
    }
}
