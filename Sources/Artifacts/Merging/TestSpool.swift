package import CICore

/// Joins the tests of several documents in memory that is small beside them: every test once, with the attempts of all
/// documents that have it.
///
/// A test takes about 60 bytes of memory; what it is and what became of it is on disk, as the documents to be written
/// have it.
package struct TestSpool: ~Copyable {
    private var entries: [SpooledTests.Entry] = []
    private var suites: [SuiteName] = []
    private var suitePlaces: [SuiteName: Int32] = [:]
    private var json: SpoolWriter
    private var xml: SpoolWriter
    /// Open addressing over the entries' hashes; 0 is free, else the entry's place + 1.
    private var slots: [UInt32] = .init(repeating: 0, count: 1 << 10)

    package init(temporaryDirectory: String) {
        json = SpoolWriter(in: temporaryDirectory)
        xml = SpoolWriter(in: temporaryDirectory)
    }

    /// Takes a test of the group; attempts of a test that is there already are added to it.
    package mutating func add(_ test: TestRecord, isQuarantined: Bool, group: Int) {
        let hash = StableHash.of(test.id.rawValue)
        let slot = slot(of: test.id, hash)
        if slots[slot] > 0 {
            let place = Int(slots[slot] - 1)
            var known = record(at: place) ?? test
            known.attempts += test.attempts
            known.attachments += test.attachments.filter { !known.attachments.contains($0) }
            let isExcused = isQuarantined || entries[place].isQuarantined
            store(known, isQuarantined: isExcused, group: Int(entries[place].group), hash, at: place)
        } else {
            entries.append(SpooledTests.Entry())
            slots[slot] = UInt32(entries.count)
            store(test, isQuarantined: isQuarantined, group: group, hash, at: entries.count - 1)
            if entries.count * 2 > slots.count { grow() }
        }
    }

    /// Whether a test has been added.
    package func contains(_ id: TestID) -> Bool { slots[slot(of: id, StableHash.of(id.rawValue))] > 0 }

    /// Everything that was added.
    package consuming func finish() -> SpooledTests {
        SpooledTests(entries: entries, suites: suites, json: json.finish(), xml: xml.finish())
    }

    // MARK: Parts

    private mutating func store(
        _ test: TestRecord, isQuarantined: Bool, group: Int, _ hash: UInt64, at place: Int
    ) {
        var entry = SpooledTests.Entry(
            test, isQuarantined: isQuarantined, group: group, suite: suite(test.identity.suite), hash: hash)
        var writer = JSONWriter(capacity: 512)
        ResultsV1.append(test, isQuarantined: isQuarantined, &writer)
        let bytes = writer.drain()
        entry.json = SpoolRange(offset: json.end, count: Int32(clamping: bytes.count))
        json.append(bytes)
        let lines = JUnitWriter.testcase(test, isExcused: isQuarantined && test.outcome.isFailure)
        entry.xml = SpoolRange(offset: xml.end, count: Int32(clamping: lines.count))
        xml.append(lines)
        entries[place] = entry
    }

    private mutating func suite(_ name: SuiteName) -> Int32 {
        if let place = suitePlaces[name] { return place }
        let place = Int32(suites.count)
        suitePlaces[name] = place
        suites.append(name)
        return place
    }

    /// Of the id, or the free one that it belongs in.
    private func slot(of id: TestID, _ hash: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] > 0 {
            let place = Int(slots[slot] - 1)
            // Two ids with one hash are rare enough to be read back.
            if entries[place].hash == hash, record(at: place)?.id == id { return slot }
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    private func record(at place: Int) -> TestRecord? {
        SpooledTests.record(from: json.bytes(entries[place].json))
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
