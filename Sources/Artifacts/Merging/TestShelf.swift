package import CICore

/// Tests on disk as the documents to be written have them, put there by one thread.
package struct TestShelf: ~Copyable {
    private var json: SpoolWriter
    private var xml: SpoolWriter
    private var suites = SuiteList()
    private var taken: [SpooledTests.Entry] = []

    package init(temporaryDirectory: String) {
        json = SpoolWriter(in: temporaryDirectory)
        xml = SpoolWriter(in: temporaryDirectory)
    }

    /// Puts a test there.
    package mutating func store(_ test: TestRecord, isQuarantined: Bool, group: Int) {
        taken.append(entry(of: test, isQuarantined: isQuarantined, group: group, StableHash.of(test.id.rawValue)))
    }

    /// What was put there since the last call.
    package mutating func take() -> Part {
        defer { taken = [] }
        return Part(entries: taken)
    }

    /// Some of the tests on a shelf.
    package struct Part: Sendable {
        let entries: [SpooledTests.Entry]
    }

    /// From now on only to be read.
    package consuming func finish() -> ShelvedTests {
        ShelvedTests(json: json.finish(), xml: xml.finish(), suites: suites.names)
    }

    /// Puts a test there whose place is the caller's business.
    mutating func entry(
        of test: TestRecord, isQuarantined: Bool, group: Int, _ hash: UInt64
    ) -> SpooledTests.Entry {
        var entry = SpooledTests.Entry(
            test, isQuarantined: isQuarantined, group: group, suite: suites.place(of: test.identity.suite), hash: hash)
        var writer = JSONWriter(capacity: 512)
        ResultsV1.append(test, isQuarantined: isQuarantined, &writer)
        let bytes = writer.drain()
        entry.json = SpoolRange(offset: json.end, count: Int32(clamping: bytes.count))
        json.append(bytes)
        let lines = JUnitWriter.testcase(test, isExcused: isQuarantined && test.outcome.isFailure)
        entry.xml = SpoolRange(offset: xml.end, count: Int32(clamping: lines.count))
        xml.append(lines)
        return entry
    }

    /// Reads a test back.
    func record(of entry: SpooledTests.Entry) -> TestRecord? { SpooledTests.record(from: json.bytes(entry.json)) }
}

/// A shelf that is whole: read from any thread.
package struct ShelvedTests: Sendable {
    let json: SpoolReader
    let xml: SpoolReader
    let suites: [SuiteName]

    /// Reads a test back.
    func record(of entry: SpooledTests.Entry) -> TestRecord? { SpooledTests.record(from: json.bytes(entry.json)) }
}

/// Suites in the order in which they came.
struct SuiteList {
    private(set) var names: [SuiteName] = []
    private var places: [SuiteName: Int32] = [:]

    mutating func place(of name: SuiteName) -> Int32 {
        if let place = places[name] { return place }
        let place = Int32(names.count)
        places[name] = place
        names.append(name)
        return place
    }
}
