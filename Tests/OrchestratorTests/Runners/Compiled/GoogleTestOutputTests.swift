import Artifacts
import CICore
import Testing

@testable import Orchestrator

@Suite struct GoogleTestOutputTests {
    @Test func `a listing holds suites with their tests and no comments`() {
        let listing = GoogleTestListing(
            """
            Running main() from gtest_main.cc
            Calc.
              Adds
              DISABLED_Off
            Ty/0.  # TypeParam = int
              Zero
            Inst/P.
              Works/0  # GetParam() = "a b.  # c"
            DISABLED_All.
              Test
            some words.
              not a test
            """)
        #expect(listing.tests == ["Calc.Adds", "Ty/0.Zero", "Inst/P.Works/0"])
        #expect(listing.disabled == 2)
    }

    @Test func `results of several programs stay apart, and the one that was running is known`() {
        let programs = GoogleTestOutput(
            """
            [==========] Running 2 tests from 1 test suite.
            [ RUN      ] Calc.Adds
            printed[       OK ] Calc.Adds (12 ms)
            [ RUN      ] Calc.AddsMore
            t.cpp:6: Failure
            [       OK ] Calc.Adds (1 ms)
            [  FAILED  ] Calc.AddsMore (3 ms)
            [==========] 2 tests from 1 test suite ran. (0 ms total)
            [  FAILED  ] Calc.AddsMore
            [==========] Running 1 test from 1 test suite.
            [ RUN      ] Calc.Adds
            """
        ).programs
        #expect(programs.count == 2)
        #expect(programs.first?.finished.map(\.name) == ["Adds", "AddsMore"])
        #expect(programs.first?.finished.map(\.outcome) == [.passed, .failed])
        #expect(programs.first?.finished.first?.attempts.first?.duration == .milliseconds(12))
        #expect(programs.last?.running == "Calc.Adds")
    }

    @Test(arguments: [
        "", "[ RUN      ] ", "[==========] Running ", "[==========] Running \n[ RUN      ] a\n[       OK ] ",
    ])
    func `broken output breaks nothing`(text: String) {
        #expect(GoogleTestOutput(text).programs.allSatisfy { $0.finished.isEmpty })
    }
}
