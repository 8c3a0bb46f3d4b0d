import CICore
import SystemPackage
import Testing

@testable import Artifacts

struct TestSpoolTests {
    private func records(_ count: Int) -> [TestRecord] {
        var generator = SystemRandomNumberGenerator()
        return RandomTests.records(count, using: &generator)
    }

    /// Where no file can be made, memory has to do.
    @Test(arguments: ["/tmp", "/nonexistent"]) func `tests come back as they were added, in their order`(
        directory: String
    ) {
        let records = records(5000)
        var spool = TestSpool(temporaryDirectory: directory)
        for record in records { spool.add(record, isQuarantined: false, group: 0) }
        let tests = spool.finish()
        #expect(Array(tests) == records)
        #expect(tests.totals == Totals(of: records))
    }

    @Test func `the same test again has its attempts added in its place`() {
        let records = records(50)
        var spool = TestSpool(temporaryDirectory: "/tmp")
        for record in records + records.reversed() { spool.add(record, isQuarantined: false, group: 0) }
        let found = (spool.contains(records[7].id), spool.contains("none"))
        #expect(found == (true, false))
        let expected = records.map { record in
            var twice = record
            twice.attempts += record.attempts
            return twice
        }
        #expect(Array(spool.finish()) == expected)
    }

    @Test func `the documents are those that the tests would make in memory`() throws {
        let records = records(300)
        let quarantined = Set(records.enumerated().filter { $0.offset % 7 == 0 }.map(\.element.id))
        var spool = TestSpool(temporaryDirectory: "/tmp")
        for record in records { spool.add(record, isQuarantined: quarantined.contains(record.id), group: 0) }
        let tests = spool.finish()
        #expect(tests.quarantined == quarantined)
        var results = RunResults(tests: records)
        results.verdict = .init(exitCode: .passed, reason: "passed", quarantined: quarantined)
        var json: (memory: [UInt8], spool: [UInt8]) = ([], [])
        ResultsV1.write(results) { json.memory += $0 }
        ResultsV1.write(results, tests: tests) { json.spool += $0 }
        #expect(json.memory == json.spool)
        let path = FilePath("/tmp/dt-ci-spool-\(UInt64.random(in: 0...UInt64.max)).xml")
        defer { try? LocalFileSystem().remove(path) }  // what stays behind harms no test
        try JUnitWriter.write(tests, to: path)
        var xml: [UInt8] = []
        JUnitWriter(results).write { xml += $0 }
        #expect(try LocalFileSystem().contents(of: path, limit: 1 << 24) == xml)
    }

    @Test func `of the tests only those worth showing are in memory`() {
        let records = records(400)
        var spool = TestSpool(temporaryDirectory: "/tmp")
        for record in records { spool.add(record, isQuarantined: false, group: 0) }
        let notable = spool.finish().notable(slowest: 3, limit: 5)
        let wanted = Set(records.filter { $0.outcome.isFailure || $0.isFlaky }.map(\.id))
        let slowest = Set(records.sorted { $0.duration > $1.duration }.prefix(3).map(\.duration))
        #expect(wanted.isSubset(of: Set(notable.map(\.id))))
        #expect(slowest.isSubset(of: Set(notable.map(\.duration))))
        #expect(notable.count <= wanted.count + 3)
        #expect(
            notable.dropFirst(5).allSatisfy { $0.attempts.allSatisfy { $0.output == nil && $0.reason?.details == nil } }
        )
    }

    @Test func `groups keep their tests apart`() {
        let records = records(20)
        var spool = TestSpool(temporaryDirectory: "/tmp")
        for (place, record) in records.enumerated() { spool.add(record, isQuarantined: false, group: place % 2) }
        let tests = spool.finish()
        #expect(
            Array(tests.group(0)) + Array(tests.group(1)) == records.enumerated().filter { $0.offset % 2 == 0 }.map(
                \.element)
                + records.enumerated().filter { $0.offset % 2 == 1 }.map(\.element))
    }
}
