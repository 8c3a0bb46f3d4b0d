import Artifacts
import CICore
import SystemPackage
import Testing

/// Every format in the list reads a report of its own without being told which it is.
@Suite struct FormatConformanceTests {
    private static let samples: [(name: String, format: String, counts: [Int])] = [
        ("junit/pytest-xunit1.xml", "junit", [2, 1, 1, 1, 0]),
        ("junit/pytest-xunit2.xml", "junit", [1, 1, 0, 0, 0]),
        ("junit/unittest-xml-runner.xml", "junit", [1, 0, 1, 0, 0]),
        ("junit/jest-junit.xml", "junit", [1, 1, 0, 1, 0]),
        ("junit/vitest.xml", "junit", [1, 1, 0, 1, 0]),
        ("junit/mocha.xml", "junit", [1, 1, 0, 1, 0]),
        ("junit/playwright.xml", "junit", [1, 1, 0, 0, 0]),
        ("junit/cypress.xml", "junit", [1, 1, 0, 0, 0]),
        ("junit/gtest.xml", "junit", [1, 1, 0, 2, 0]),
        ("junit/catch2.xml", "junit", [1, 1, 1, 0, 0]),
        ("junit/ctest.xml", "junit", [1, 1, 0, 2, 0]),
        ("junit/bazel.xml", "junit", [0, 0, 1, 0, 0]),
        ("junit/surefire-reruns.xml", "junit", [1, 1, 0, 0, 1]),
        ("junit/gradle.xml", "junit", [1, 0, 0, 1, 0]),
        ("junit/scalatest.xml", "junit", [1, 1, 0, 0, 0]),
        ("junit/phpunit.xml", "junit", [2, 1, 0, 0, 0]),
        ("junit/rspec.xml", "junit", [1, 1, 0, 1, 0]),
        ("junit/minitest.xml", "junit", [1, 0, 1, 0, 0]),
        ("junit/exunit.xml", "junit", [1, 1, 0, 0, 0]),
        ("junit/gotestsum-retries.xml", "junit", [2, 2, 0, 0, 1]),
        ("junit/nextest.xml", "junit", [2, 1, 0, 0, 1]),
        ("junit/dart.xml", "junit", [1, 0, 1, 0, 0]),
        ("junit/bats.xml", "junit", [1, 1, 0, 1, 0]),
        ("swift/x-swift-testing.xml", "swift-testing-xml", [3, 3, 0, 1, 0]),
        ("swift/x.xml", "swift-testing-xml", [2, 1, 0, 0, 0]),
        ("swift/events.ndjson", "swift-events", [3, 3, 0, 1, 0]),
        ("bats/stream.txt", "bats", [3, 2, 1, 1, 0]),
        ("test-events/events.jsonl", "test-events", [1, 1, 1, 1, 0]),
        ("dotnet/nunit3.xml", "nunit3", [2, 1, 2, 2, 0]),
        ("dotnet/nunit2.xml", "nunit2", [1, 1, 1, 1, 0]),
        ("dotnet/xunit2.xml", "xunit-net", [1, 1, 1, 1, 0]),
        ("dotnet/results.trx", "trx", [2, 2, 2, 1, 0]),
        ("tap/version13.tap", "tap", [2, 2, 0, 2, 0]),
        ("tap/version14-subtests.tap", "tap", [4, 2, 0, 0, 0]),
        ("tap/node.tap", "tap", [1, 1, 0, 0, 0]),
        ("tap/bats-timing.tap", "tap", [1, 1, 0, 1, 0]),
        ("tap/bail-out.tap", "tap", [1, 0, 1, 0, 0]),
        ("go/pass-fail.json", "go-test-json", [1, 2, 0, 1, 0]),
        ("go/build-failure.json", "go-test-json", [0, 0, 2, 0, 0]),
        ("go/panic.json", "go-test-json", [0, 1, 1, 0, 0]),
        ("libtest/events.jsonl", "libtest-json", [2, 1, 0, 1, 0]),
        ("xctest/log.txt", "xctest-log", [2, 1, 0, 1, 0]),
        ("xcode/results.json", "xcresult-tests", [2, 2, 0, 1, 1]),
    ]

    @Test(arguments: samples)
    func `a report is recognised and counted`(name: String, format: String, counts: [Int]) throws {
        let report = try ReadReport(ReportFixture.path(name))
        #expect(report.outline.format.rawValue == format)
        #expect(report.counts == counts)
        #expect(report.outline.warnings == [])
    }

    @Test(arguments: samples)
    func `a report that is cut anywhere gives what was complete and never crashes`(
        name: String, format: String, counts: [Int]
    ) throws {
        let bytes = try LocalFileSystem().contents(of: ReportFixture.path(name), limit: 1 << 20)
        let asked = try #require(ReportFormat(rawValue: format))
        for end in stride(from: 1, to: bytes.count, by: max(1, bytes.count / 23)) {
            try ReportFixture.with(Array(bytes[..<end])) { path in
                // A cut before the first element leaves no report: that is the error's to say.
                guard let report = try? ReadReport(path, format: asked) else { return }
                #expect(report.totals.tests <= counts[..<4].reduce(0, +) + 3)
                _ = report.counts
            }
        }
    }

    @Test(arguments: samples)
    func `noise of any bytes in a report never crashes reading`(name: String, format: String, counts: [Int]) throws {
        let bytes = try LocalFileSystem().contents(of: ReportFixture.path(name), limit: 1 << 20)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<40 {
            var broken = bytes
            for _ in 0..<Int.random(in: 1...30, using: &generator) {
                let place = Int.random(in: broken.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: broken[place] = .random(in: 0...255, using: &generator)
                case 1: broken.remove(at: place)
                default: broken.insert(contentsOf: broken[place...].prefix(40), at: place)
                }
            }
            try ReportFixture.with(broken) { path in
                // Broken enough to be no report at all is an error like any other.
                if let report = try? ReadReport(path, format: ReportFormat(rawValue: format)) { _ = report.counts }
            }
        }
    }
}
