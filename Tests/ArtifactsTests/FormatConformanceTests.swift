import Artifacts
import CICore
import Testing

/// Every format in the list reads a report of its own without being told which it is.
@Suite struct FormatConformanceTests {
    private static let samples: [(name: String, format: String, counts: [Int])] = [
        ("swift/x-swift-testing.xml", "swift-testing-xml", [3, 3, 0, 1, 0]),
        ("swift/x.xml", "swift-testing-xml", [2, 1, 0, 0, 0]),
        ("swift/events.ndjson", "swift-events", [3, 3, 0, 1, 0]),
        ("bats/stream.txt", "bats", [3, 2, 1, 1, 0]),
        ("test-events/events.jsonl", "test-events", [1, 1, 1, 1, 0]),
    ]

    @Test(arguments: samples)
    func `a report is recognised and counted`(name: String, format: String, counts: [Int]) throws {
        let report = try ReadReport(ReportFixture.path(name))
        #expect(report.outline.format.rawValue == format)
        #expect(report.counts == counts)
        #expect(report.outline.warnings == [])
    }
}
