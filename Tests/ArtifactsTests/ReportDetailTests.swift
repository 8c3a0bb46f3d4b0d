import Artifacts
import CICore
import Testing

@Suite struct ReportDetailTests {
    @Test(arguments: [
        ("1.5", 1_500), ("0", 0), ("", 0), ("-3", 0), ("2,502", 2_502_000), ("1,234.5", 1_234_500), ("0,123", 123),
        ("1.234,5", 1_234_500), ("1,234,567.0", 0), ("12,5", 12_500), ("999638317", 999), ("NaN", 0), ("inf", 0),
        ("1e3", 1_000_000), ("1e-3", 1), ("unknown", 0), ("0.25s", 250), ("12ms", 12), (" 2.0 ", 2_000),
        ("99999999999999999999999", 0), ("0.", 0), (".5", 500), ("1.2.3", 0), ("00:01", 0),
    ])
    func `a time is read as it was meant`(text: String, milliseconds: Int64) throws {
        let report = try ReadReport("<testsuite><testcase name='a' time='\(text)'/></testsuite>")
        let duration = report.tests[0].attempts[0].duration
        #expect(
            duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000
                == milliseconds)
    }

    @Test func `attachments come from the output and from properties, as hostile as they are`() throws {
        let report = try ReadReport(ReportFixture.path("junit/playwright.xml"))
        #expect(report.tests[0].attachments == ["test-results/login/trace.zip", "../../../etc/passwd"])
        let other = try ReadReport(
            "<testsuite><testcase name='a'><properties><property name='attachment' value='/x'/><property name='k'>v</property></properties></testcase></testsuite>"
        )
        #expect(other.tests[0].attachments == ["/x"])
        #expect(other.tests[0].properties["k"] == "v")
    }

    @Test func `places come from whatever attributes there are`() throws {
        func location(_ name: String) throws -> CICore.SourceLocation? {
            try ReadReport(ReportFixture.path("junit/\(name).xml")).tests.last?.location
        }
        #expect(try location("pytest-xunit1") == CICore.SourceLocation(file: "tests/test_a.py", line: 24))
        #expect(try location("pytest-xunit2") == nil)
        #expect(try location("exunit") == CICore.SourceLocation(file: "test/calc_test.exs", line: 8))
        #expect(try location("minitest") == CICore.SourceLocation(file: "test/math_test.rb", line: 9))
        #expect(try location("rspec") == CICore.SourceLocation(file: "./spec/a_spec.rb"))
    }

    @Test func `retries keep their own words and outputs`() throws {
        let report = try ReadReport(ReportFixture.path("junit/nextest.xml"))
        let attempts = report.tests[1].attempts
        #expect(attempts.map(\.outcome) == [.failed, .failed])
        #expect(attempts[0].output == "running 1 test\n")
        #expect(attempts[1].output == "running 1 testpanicked")
        #expect(attempts[1].duration == .milliseconds(6))
    }

    @Test func `Swift's unescaped names come out as they were written`() throws {
        let report = try ReadReport(ReportFixture.path("swift/x-swift-testing.xml"))
        #expect(report.names.contains("`a < b & \"c\" holds`()"))
        #expect(report.names.contains("`fails with > &amp; <tag/>`()"))
        #expect(report.tests.last?.attempts[0].reason?.details == "later")
    }

    @Test func `Swift's events hold places, reasons and the issues that count`() throws {
        let report = try ReadReport(ReportFixture.path("swift/events.ndjson"))
        let failed = try #require(report.tests.first { $0.name == "parameterised(n:)" })
        #expect(failed.className == "XTests")
        #expect(failed.location == CICore.SourceLocation(file: "/src/Tests/XTests/t.swift", line: 6))
        #expect(failed.attempts[0].reason?.message?.hasPrefix("Expectation failed: (n → 2) != 2: n < 2") == true)
        #expect(report.tests.first { $0.name == "known()" }?.outcome == .passed)
        #expect(report.tests.first { $0.name == "deep()" }?.className == "XTests.Inner.Deep")
        #expect(report.tests.first { $0.name == "skippedOne()" }?.attempts[0].reason?.message == "later")
    }

    @Test func `TAP keeps subtests as suites, YAML and comments as details`() throws {
        let subtests = try ReadReport(ReportFixture.path("tap/version14-subtests.tap"))
        #expect(
            subtests.tests.map(\.suitePath) == [["outer", "inner"], ["outer", "inner"], ["outer"], ["hook"], [], []])
        #expect(subtests.names == ["a", "b", "c", "d", "hook", "leaf"])
        let node = try ReadReport(ReportFixture.path("tap/node.tap")).tests[1]
        #expect(node.location == CICore.SourceLocation(file: "/src/a.test.js", line: 7))
        #expect(node.attempts[0].reason?.message == "Expected values to be strictly equal:")
        #expect(node.attempts[0].duration == .microseconds(250))
        let bats = try ReadReport(ReportFixture.path("tap/bats-timing.tap")).tests
        #expect(bats.map(\.name) == ["adds", "fails", "waits"])
        #expect(bats[1].location == CICore.SourceLocation(file: "test/a.bats", line: 7))
        #expect(bats[0].attempts[0].duration == .milliseconds(12))
        let old = try ReadReport(ReportFixture.path("tap/version13.tap")).tests
        #expect(old[1].name == "fails with # and \\")
        #expect(old[2].attempts[0].reason?.message == "no database")
        #expect(old[5].attempts[0].reason?.message == "Failed test 'says why'")
    }

    @Test func `a TAP plan that is not kept is an errored test`() throws {
        let report = try ReadReport(ReportFixture.path("tap/short.tap"))
        #expect(report.counts == [2, 0, 1, 0, 0])
        #expect(report.outline.warnings == ["4 tests were planned, 2 ran"])
    }

    @Test func `go's events give builds that fail, panics and runs without end by name`() throws {
        let build = try ReadReport(ReportFixture.path("go/build-failure.json"))
        #expect(build.tests.map(\.className) == ["example.com/bad", "example.com/old"])
        #expect(build.tests[0].attempts[0].reason?.details?.contains("undefined: x") == true)
        #expect(build.tests[1].attempts[0].reason?.message == "build failed")
        let panic = try ReadReport(ReportFixture.path("go/panic.json"))
        #expect(panic.tests.map(\.name) == ["TestPanics", "TestSlow"])
        #expect(panic.tests[0].attempts[0].reason?.message == "panic: boom [recovered]")
        let cut = try ReadReport(ReportFixture.path("go/no-end.json"))
        #expect(cut.counts == [1, 0, 1, 0, 0])
        #expect(cut.tests[1].attempts[0].reason?.message == "the run ends within this test")
        #expect(cut.outline.warnings == ["package example.com/p has no end: the run was cut off"])
        let good = try ReadReport(ReportFixture.path("go/pass-fail.json"))
        #expect(
            good.tests.first { $0.name == "TestA/sub" }?.attempts[0].reason?.message == "a_test.go:9: got 1, want 2")
    }

    @Test func `the .NET formats give class, name, reason and attachments`() throws {
        let nunit = try ReadReport(ReportFixture.path("dotnet/nunit3.xml")).tests
        #expect(nunit[0].className == "App.CalcTests")
        #expect(nunit[0].suitePath == ["a.dll"])
        #expect(nunit[1].attachments == ["/tmp/shot.png"])
        #expect(nunit.last?.name == "BrokenTests")
        let old = try ReadReport(ReportFixture.path("dotnet/nunit2.xml")).tests
        #expect(old[0].className == "App.CalcTests")
        #expect(old[0].name == "Adds(1.5,2)")
        let xunit = try ReadReport(ReportFixture.path("dotnet/xunit2.xml")).tests
        #expect(xunit[1].name == "Adds(a: 1, b: 2)")
        #expect(xunit[1].attempts[0].output == "hello")
        #expect(xunit[2].attempts[0].reason?.type == "Xunit.Sdk.EqualException")
        let trx = try ReadReport(ReportFixture.path("dotnet/results.trx")).tests
        #expect(Set(trx.map(\.name)) == ["Adds", "Fails", "Later", "Slow", "Rows (1)", "Rows (2)", "test run"])
        let failed = try #require(trx.first { $0.name == "Fails" })
        #expect(failed.className == "App.Calc")
        #expect(failed.attempts[0].duration == .milliseconds(62_500))
        #expect(failed.attachments == ["shot.png"])
    }

    @Test func `prove's bad plan is not lost among passing tests`() throws {
        let report = try ReadReport(ReportFixture.path("junit/prove.xml"))
        #expect(report.counts == [1, 1, 0, 0, 0])
        #expect(report.outline.warnings.contains { $0.contains("Bad plan") })
    }
}
