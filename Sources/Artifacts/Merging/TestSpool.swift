package import CICore

/// Joins the tests of several documents in memory that is small beside them: every test once, with the attempts of all
/// documents that have it.
///
/// A test takes about 70 bytes of memory; what it is and what became of it is on disk, as the documents to be written
/// have it.
package struct TestSpool: ~Copyable {
    private var entries: [SpooledTests.Entry] = []
    private var suites = SuiteList()
    /// Shelves that others have filled; an entry's shelf 0 is the spool's own, 1 the first of these.
    private let shelves: [ShelvedTests]
    private var own: TestShelf
    /// Open addressing over the entries' hashes; 0 is free, else the entry's place + 1.
    private var slots: [UInt32] = .init(repeating: 0, count: 1 << 10)

    /// - Parameters:
    ///   - temporaryDirectory: where the spool's own tests go.
    ///   - shelves: where tests are that are added in parts.
    package init(temporaryDirectory: String, shelves: [ShelvedTests] = []) {
        own = TestShelf(temporaryDirectory: temporaryDirectory)
        self.shelves = shelves
    }

    /// Takes a test of the group; attempts of a test that is there already are added to it.
    package mutating func add(_ test: TestRecord, isQuarantined: Bool, group: Int) {
        let hash = StableHash.of(test.id.rawValue)
        let slot = slot(of: test.id, hash)
        guard slots[slot] == 0 else {
            return join(test, isQuarantined: isQuarantined, at: Int(slots[slot] - 1))
        }
        var entry = own.entry(of: test, isQuarantined: isQuarantined, group: group, hash)
        entry.suite = suites.place(of: test.identity.suite)
        insert(entry, in: slot)
    }

    /// The same for tests of a shelf, the first of which is number 0.
    package mutating func add(_ part: TestShelf.Part, ofShelf number: Int) {
        let places = shelves[number].suites.map { suites.place(of: $0) }
        for var entry in part.entries {
            entry.shelf = Int16(number + 1)
            entry.suite = places[Int(entry.suite)]
            let slot = slot(of: entry)
            if slots[slot] == 0 {
                insert(entry, in: slot)
            } else if let test = record(of: entry) {
                join(test, isQuarantined: entry.isQuarantined, at: Int(slots[slot] - 1))
            }
        }
    }

    /// Whether a test has been added.
    package func contains(_ id: TestID) -> Bool { slots[slot(of: id, StableHash.of(id.rawValue))] > 0 }

    /// Everything that was added.
    package consuming func finish() -> SpooledTests {
        SpooledTests(entries: entries, suites: suites.names, shelves: [own.finish()] + shelves)
    }

    // MARK: Parts

    private mutating func insert(_ entry: SpooledTests.Entry, in slot: Int) {
        entries.append(entry)
        slots[slot] = UInt32(entries.count)
        if entries.count * 2 > slots.count { grow() }
    }

    private mutating func join(_ test: TestRecord, isQuarantined: Bool, at place: Int) {
        let before = entries[place]
        var known = record(of: before) ?? test
        known.attempts += test.attempts
        known.attachments += test.attachments.filter { !known.attachments.contains($0) }
        var entry = own.entry(
            of: known, isQuarantined: isQuarantined || before.isQuarantined, group: Int(before.group), before.hash)
        entry.suite = before.suite
        entries[place] = entry
    }

    /// Of the id, or the free one that it belongs in.
    private func slot(of id: TestID, _ hash: UInt64) -> Int {
        firstSlot(hash) { record(of: entries[$0])?.id == id }
    }

    /// The same for an entry, which is read only if its hash is there already.
    private func slot(of entry: SpooledTests.Entry) -> Int {
        firstSlot(entry.hash) { place in
            guard let id = record(of: entry)?.id else { return false }
            return record(of: entries[place])?.id == id
        }
    }

    private func firstSlot(_ hash: UInt64, isSame: (Int) -> Bool) -> Int {
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] > 0 {
            let place = Int(slots[slot] - 1)
            // Two ids with one hash are rare enough to be read back.
            if entries[place].hash == hash, isSame(place) { return slot }
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    private func record(of entry: SpooledTests.Entry) -> TestRecord? {
        entry.shelf == 0 ? own.record(of: entry) : shelves[Int(entry.shelf) - 1].record(of: entry)
    }

    private mutating func grow() {
        var larger = [UInt32](repeating: 0, count: slots.count * 2)
        for place in entries.indices {
            var slot = Int(truncatingIfNeeded: entries[place].hash) & (larger.count - 1)
            while larger[slot] > 0 { slot = (slot + 1) & (larger.count - 1) }
            larger[slot] = UInt32(place + 1)
        }
        slots = larger
    }
}
