import Artifacts
import CICore
import SystemPackage
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reports as files: those beside the tests, and those that a test writes.
enum ReportFixture {
    /// The path of a file under `Fixtures`.
    static func path(_ name: String) -> FilePath {
        FilePath(#filePath).removingLastComponent().removingLastComponent().appending("Fixtures").pushing(
            FilePath(name))
    }

    /// Writes bytes into a file of its own, hands it over and removes it.
    static func with<Value>(_ bytes: [UInt8], name: String = "report.xml", _ body: (FilePath) throws -> Value) throws
        -> Value
    {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending(name)
        try LocalFileSystem().write(bytes, to: path)
        return try body(path)
    }

    static func with<Value>(_ text: String, _ body: (FilePath) throws -> Value) throws -> Value {
        try with(Array(text.utf8), body)
    }
}

/// A directory that goes with the value.
final class TemporaryDirectory {
    let path: FilePath

    init() throws {
        var template = Array("/tmp/dt-ci-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        path = FilePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    deinit { try? LocalFileSystem().remove(path) }
}

/// A report as both ways of reading see it.
struct ReadReport {
    var tests: [ReportedTest] = []
    var outline: ReportOutline
    /// From whole tests.
    var totals: Totals
    /// From counting.
    var counted: Totals
    var records: [TestRecord]

    init(_ path: FilePath, format: ReportFormat? = nil, limits: ReportLimits = ReportLimits()) throws {
        let reader = ReportReader(format: format, limits: limits)
        var tests: [ReportedTest] = []
        outline = try reader.read(path) { tests.append($0) }
        self.tests = tests
        var collector = TestCollector()
        for test in tests { collector.add(test) }
        totals = collector.endReport()
        totals.add(outline.declared)
        records = collector.finish()
        counted = try reader.count(path).totals
    }

    init(_ text: String, format: ReportFormat? = nil, limits: ReportLimits = ReportLimits()) throws {
        self = try ReportFixture.with(text) { try ReadReport($0, format: format, limits: limits) }
    }

    init(bytes: [UInt8]) throws {
        self = try ReportFixture.with(bytes) { try ReadReport($0) }
    }

    /// `passed failed errored skipped flaky`, once both ways of reading agree.
    var counts: [Int] {
        #expect(totals == counted)
        #expect(totals.passed + totals.failed + totals.errored + totals.skipped == totals.tests)
        return [totals.passed, totals.failed, totals.errored, totals.skipped, totals.flaky]
    }

    var names: [String] { tests.map(\.name) }
}
