import Artifacts
import CICore
import SystemPackage
import Testing

@Suite struct ReportSetTests {
    private func read(_ files: [(String, String)], keepsTests: Bool = true) async throws -> ReportSet.Reading {
        let directory = try TemporaryDirectory()
        let paths = try files.map { name, text in
            let path = directory.path.appending(name)
            try LocalFileSystem().write(Array(text.utf8), to: path)
            return path
        }
        return await ReportSet(reader: ReportReader(), keepsTests: keepsTests, width: 3).read(paths)
    }

    private func suite(_ body: String) -> String { "<testsuite name='s'>\(body)</testsuite>" }

    @Test func `files are counted one by one and in order, whichever is read first`() async throws {
        let files = (0..<20).map { index in
            ("\(index).xml", suite((0...index).map { "<testcase name='t\($0)'/>" }.joined()))
        }
        let reading = try await read(files)
        #expect(reading.results.files.map(\.totals.tests) == Array(1...20))
        #expect(reading.results.totals.tests == 210)
        #expect(Set(reading.results.tests.map(\.id)).count == 210)
        let summary = try await read(files, keepsTests: false)
        #expect(summary.results.totals == reading.results.totals)
        #expect(summary.results.files.map(\.totals) == reading.results.files.map(\.totals))
        #expect(summary.results.tests.isEmpty)
    }

    @Test func `the same test in two files is two tests: one job does not excuse the other`() async throws {
        let reading = try await read([
            ("a.xml", suite("<testcase name='t'><failure/></testcase>")), ("b.xml", suite("<testcase name='t'/>")),
        ])
        #expect(reading.results.tests.map(\.id.rawValue) == ["s::t", "s::t#2"])
        #expect(reading.results.totals.failed == 1)
        #expect(reading.results.totals.flaky == 0)
    }

    @Test func `a file that is no report is named and the others go on`() async throws {
        let reading = try await read([
            ("pom.xml", "<project/>"), ("good.xml", suite("<testcase name='t'/>")), ("empty.xml", ""),
            ("cut.xml", "<testsuite><testcase name='x'>"),
        ])
        #expect(reading.results.totals.tests == 2)
        #expect(reading.refused.map(\.error.code) == [.notAReport, .empty])
        #expect(reading.results.files.count == 2)
        #expect(reading.results.files[1].warning?.hasPrefix("truncated") == true)
        #expect(reading.results.warnings.count == 3)
    }

    @Test func `a results file of our own is read back whole, and joined with others`() async throws {
        var generator = SystemRandomNumberGenerator()
        var results = RunResults(tests: RandomTests.records(10, using: &generator))
        results.verdict = .init(exitCode: .testsFailed, reason: "no")
        var bytes: [UInt8] = []
        ResultsV1.write(results) { bytes += $0 }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(try await read([("results.json", text)]).results == results)
        let joined = try await read([("results.json", text), ("a.xml", suite("<testcase name='t'/>"))])
        #expect(joined.results.totals.tests == 11)
        #expect(joined.results.tests.count == 11)
        let newer = try await read([("r.json", "{\"schema\":\"dt-ci/results/v9\"}")])
        #expect(newer.refused.count == 1)
        #expect(newer.results.warnings[0].contains("newer"))
    }
}
