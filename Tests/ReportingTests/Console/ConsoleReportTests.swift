import CICore
import Reporting
import Testing

@Suite struct ConsoleReportTests {
    private func record(
        _ name: String, _ attempts: [Attempt], suite: String = "unit", file: String? = nil
    ) -> TestRecord {
        TestRecord(
            id: TestID("\(suite)::\(name)"),
            identity: TestIdentity(
                suite: SuiteName(suite), className: "pkg.Class", name: name,
                location: file.map { CICore.SourceLocation(file: $0, line: 7) }),
            container: "c", attempts: attempts)
    }

    private let passed = Attempt(outcome: .passed, duration: .milliseconds(20))
    private let failed = Attempt(
        outcome: .failed, duration: .seconds(1),
        reason: .init(type: "AssertionError", message: "1 != 2", details: "one\ntwo"))

    @Test func `everything that matters is shown, the verdict last`() {
        var results = RunResults(
            tests: [
                record("ok", [passed]), record("bad", [failed], file: "tests/a.py"), record("shaky", [failed, passed]),
            ],
            duration: .seconds(3),
            files: [.init(path: "a.xml", totals: Totals()), .init(path: "b.xml", totals: Totals())],
            warnings: ["a.xml: truncated"])
        results.completeness = Completeness(ran: 3, skipped: 0, quarantined: 0, lost: ["unit::gone"])
        results.verdict = .init(exitCode: .testsFailed, reason: "1 of 3 tests failed")
        #expect(
            ConsoleReport(results, isColored: false).text == """
                Failures
                  ✘ unit › pkg.Class › bad (failed, 1.00 s)
                    AssertionError: 1 != 2
                    tests/a.py:7
                      one
                      two

                How to reproduce
                  dt-ci run --only unit::bad --only unit::gone

                Flaky
                  ~ unit › pkg.Class › shaky, passed after 1 failed attempt: 1 != 2

                Slowest
                    1.00 s  unit › pkg.Class › bad
                     20 ms  unit › pkg.Class › ok
                     20 ms  unit › pkg.Class › shaky

                Reports
                       0 tests  a.xml
                       0 tests  b.xml

                Warnings
                  ! a.xml: truncated

                discovered 4 = ran 3 + skipped 0 + quarantined 0 + lost 1
                  lost: unit::gone
                ✘ 3 tests: 2 passed, 1 failed, 1 flaky (3.00 s)
                  exit code 1: 1 of 3 tests failed

                """)
    }

    @Test func `a green run is one line`() {
        let results = RunResults(tests: [record("ok", [passed])], duration: .milliseconds(20))
        #expect(ConsoleReport(results, isColored: false).text == "✔ 1 test: 1 passed (20 ms)\n")
        #expect(ConsoleReport(RunResults(tests: []), isColored: false).text == "✔ 0 tests (0.0 ms)\n")
    }

    @Test func `colour is there only when it is asked for`() {
        let results = RunResults(tests: [record("bad", [failed])])
        #expect(ConsoleReport(results, isColored: true).text.contains("\u{1B}[31m"))
        #expect(!ConsoleReport(results, isColored: false).text.contains("\u{1B}"))
    }

    @Test func `hostile texts neither command the CI service nor flood the log`() {
        let hostile =
            "::error::x\n##vso[task.complete]\u{1B}[2J\u{1B}]0;t\u{07}" + String(repeating: "long line ", count: 10_000)
        let many = String(repeating: "::set-output name=x::y\n##teamcity[x]\n", count: 2_000)
        let attempt = Attempt(outcome: .failed, reason: .init(type: hostile, message: hostile, details: many))
        var results = RunResults(
            tests: (0..<500).map { record("\(hostile)\($0)", [attempt], suite: hostile, file: hostile) },
            files: (0..<200).map { .init(path: "\(hostile)\($0)", totals: Totals()) }, warnings: [hostile])
        results.verdict = .init(exitCode: .testsFailed, reason: hostile)
        let text = ConsoleReport(results, isColored: false).text
        #expect(text.utf8.count < 200_000)
        #expect(!text.contains("\u{1B}"))
        #expect(!text.contains("##vso[") && !text.contains("##teamcity["))
        #expect(!text.split(separator: "\n").contains { $0.drop { $0 == " " }.hasPrefix("::") })
        #expect(text.contains("… and 450 more failed tests"))
    }
}
