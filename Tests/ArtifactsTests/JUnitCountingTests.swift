import Artifacts
import CICore
import Testing

@Suite struct JUnitCountingTests {
    /// Passed, failed, errored, skipped, flaky of the cases in one suite.
    @Test(arguments: [
        ("<testcase name='a'/>", [1, 0, 0, 0, 0]),
        ("<testcase name='a'><failure/></testcase>", [0, 1, 0, 0, 0]),
        ("<testcase name='a'><error/></testcase>", [0, 0, 1, 0, 0]),
        ("<testcase name='a'><skipped/></testcase>", [0, 0, 0, 1, 0]),
        ("<testcase name='a'><failure/><error/><skipped/></testcase>", [0, 0, 1, 0, 0]),
        ("<testcase name='a'><skipped/><failure/></testcase>", [0, 1, 0, 0, 0]),
        ("<testcase name='a' status='notrun'/>", [0, 0, 0, 1, 0]),
        ("<testcase name='a' status='disabled'><failure/></testcase>", [0, 0, 0, 1, 0]),
        ("<testcase name='a' status='run' result='suppressed'/>", [0, 0, 0, 1, 0]),
        ("<testcase name='a' result='skipped'><error/></testcase>", [0, 0, 0, 1, 0]),
        ("<testcase name='a' status='run' result='completed'/>", [1, 0, 0, 0, 0]),
        ("<testcase name='a' status='fail'><failure/></testcase>", [0, 1, 0, 0, 0]),
        ("<testcase name='a' status='failed'/>", [0, 1, 0, 0, 0]),
        ("<testcase name='a'><flakyFailure/></testcase>", [1, 0, 0, 0, 1]),
        ("<testcase name='a'><flakyError/><flakyFailure/></testcase>", [1, 0, 0, 0, 1]),
        ("<testcase name='a'><failure/><rerunFailure/><rerunError/></testcase>", [0, 0, 1, 0, 0]),
        ("<testcase name='a'><error/><rerunError/></testcase>", [0, 0, 1, 0, 0]),
        ("<testcase name='a'><failure/></testcase><testcase name='a'/>", [1, 0, 0, 0, 1]),
        ("<testcase name='a'/><testcase name='a'/>", [1, 0, 0, 0, 0]),
        ("<testcase name='a'><failure/></testcase><testcase name='a'><failure/></testcase>", [0, 2, 0, 0, 0]),
        ("<testcase name='a'><skipped/></testcase><testcase name='a'><failure/></testcase>", [0, 1, 0, 1, 0]),
        ("<testcase name='a' classname='x'><failure/></testcase><testcase name='a' classname='y'/>", [1, 1, 0, 0, 0]),
        ("<testcase name='a' file='x'><failure/></testcase><testcase name='a' file='y'/>", [1, 1, 0, 0, 0]),
        ("<error message='set-up'/>", [0, 0, 1, 0, 0]),
        ("<error message='plan'/><testcase name='a'/>", [1, 0, 1, 0, 0]),
        ("<error message='dubious'/><testcase name='a'><failure/></testcase>", [0, 1, 0, 0, 0]),
        ("", [0, 0, 0, 0, 0]),
    ])
    func `a case has one outcome and a test is counted once`(cases: String, expected: [Int]) throws {
        let report = try ReadReport("<testsuites><testsuite name='s'>\(cases)</testsuite></testsuites>")
        #expect(report.counts == expected)
    }

    @Test func `attributes never count where there are cases`() throws {
        let report = try ReadReport(
            "<testsuite name='s' tests='4' failures='3' errors='1'><testcase name='a'><flakyFailure/></testcase></testsuite>"
        )
        #expect(report.counts == [1, 0, 0, 0, 1])
    }

    @Test(arguments: [
        ("tests='5' failures='1' errors='1' skipped='1' disabled='1'", [1, 1, 1, 2, 0]),
        ("tests='2' failures='5'", [0, 2, 0, 0, 0]),
        ("tests='3' failures='-2'", [3, 0, 0, 0, 0]),
        ("tests='-3'", [0, 0, 0, 0, 0]),
        ("tests='many'", [0, 0, 0, 0, 0]),
    ])
    func `a suite without cases counts as it declares, and says so`(attributes: String, expected: [Int]) throws {
        let report = try ReadReport("<testsuites><testsuite name='s' \(attributes)/></testsuites>")
        #expect(report.counts == expected)
        #expect(report.outline.warnings.isEmpty == (expected.reduce(0, +) == 0))
    }

    @Test func `an error of a suite without cases is one errored test with the suite's name`() throws {
        let report = try ReadReport(
            "<testsuite name='pkg'><error type='ImportError' message='no module'>trace</error></testsuite>")
        let test = try #require(report.tests.first)
        #expect(test.name == "pkg")
        #expect(
            test.attempts == [
                Attempt(
                    outcome: .errored, reason: .init(type: "ImportError", message: "no module", details: "trace"))
            ])
    }

    @Test func `attempts come in the order in which they were made`() throws {
        let report = try ReadReport(
            """
            <testsuite name="s"><testcase name="a" time="0.3">
              <failure message="first" type="T">one</failure>
              <rerunFailure message="second" time="0.2"><stackTrace>two</stackTrace><system-out>o</system-out></rerunFailure>
            </testcase><testcase name="b" time="0.5">
              <flakyError message="once"/>
            </testcase></testsuite>
            """)
        #expect(report.tests[0].attempts.map(\.reason?.message) == ["first", "second"])
        #expect(report.tests[0].attempts[1].reason?.details == "two")
        #expect(report.tests[0].attempts.map(\.duration) == [.milliseconds(300), .milliseconds(200)])
        #expect(report.tests[1].attempts.map(\.outcome) == [.errored, .passed])
        #expect(report.tests[1].outcome == .passed)
    }

    @Test func `nested suites keep their path and those of one name are not mixed up`() throws {
        let report = try ReadReport(
            """
            <testsuites name="run"><testsuite name="a"><testsuite name="x"><testcase name="t"/></testsuite></testsuite>
            <testsuite name="b"><testsuite name="x"><testcase name="t"><failure/></testcase></testsuite>
            <testcase name="late"/></testsuite><testsuite name="b"><testcase name="more"/></testsuite></testsuites>
            """)
        #expect(report.tests.map(\.suitePath) == [["a", "x"], ["b", "x"], ["b"], ["b"]])
        #expect(report.counts == [3, 1, 0, 0, 0])
    }

    @Test func `failures of one case are one failure with all words`() throws {
        let report = try ReadReport(
            "<testsuite><testcase name='a'><failure message='m1'>d1</failure><failure message='m2'>d2</failure></testcase></testsuite>"
        )
        #expect(report.counts == [0, 1, 0, 0, 0])
        #expect(report.tests[0].attempts[0].reason == .init(message: "m1", details: "d1\nm2\nd2"))
    }

    @Test func `tests that repeat and never pass get an ordinal`() throws {
        let report = try ReadReport(
            "<testsuite name='s'><testcase name='a'><failure/></testcase><testcase name='a'><failure/></testcase></testsuite>"
        )
        #expect(report.records.map(\.id.rawValue) == ["s::a", "s::a#2"])
    }
}
