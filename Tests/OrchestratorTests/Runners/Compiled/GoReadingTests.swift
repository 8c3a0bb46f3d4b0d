import CICore
import SystemPackage
import Testing

@testable import Orchestrator

@Suite struct GoReadingTests {
    private func reading(_ exit: ProcessExit, failures: Int, _ tail: String) -> ExitReading {
        GoReading.reading(of: exit, in: BatchEnding(reported: 2, failures: failures, outputTail: tail))
    }

    @Test func `a failed test is no crash, in packages that write between each other`() {
        let tail = """
            {"Action":"output","Package":"a","Output":"FAIL\\n"}
            {"Action":"output","Package":"b","Output":"FAIL\\n"}
            {"Action":"output","Package":"a","Output":"FAIL\\ta\\t0.005s\\n"}
            {"Action":"output","Package":"b","Output":"FAIL\\tb\\t0.005s\\n"}
            """
        #expect(reading(.exited(1), failures: 2, tail) == .completed)
        #expect(reading(.exited(1), failures: 2, "FAIL\nFAIL\nFAIL\ta\t0.1s\nFAIL\tb\t0.1s\n") == .completed)
    }

    @Test func `a program that ended without its last word died`() {
        let tail = """
            {"Action":"output","Package":"a","Output":"FAIL\\n"}
            {"Action":"output","Package":"a","Output":"FAIL\\ta\\t0.005s\\n"}
            {"Action":"output","Package":"b","Output":"panic: boo\\n"}
            {"Action":"output","Package":"b","Output":"FAIL\\tb\\t0.005s\\n"}
            """
        #expect(reading(.exited(1), failures: 2, tail) == .crashed("the tests of b ended in the middle"))
    }

    @Test func `a build that fails says so, also where other packages ran`() {
        let tail = """
            # example.com/bad [example.com/bad.test]
            bad/bad_test.go:5:30: undefined: x
            {"Action":"output","Package":"a","Output":"FAIL\\ta\\t0.005s\\n"}
            FAIL\texample.com/bad [build failed]
            """
        guard case .buildFailed(let words) = reading(.exited(2), failures: 1, tail) else {
            Issue.record("it reads as \(reading(.exited(2), failures: 1, tail))")
            return
        }
        #expect(words.contains("undefined: x"))
        #expect(!words.contains("Action"))
    }

    @Test func `whole packages share a start, and packages with single tests have their own`() {
        func unit(_ selector: String, _ granularity: Granularity) -> TestUnit {
            TestUnit(
                suite: "s", selector: selector, granularity: granularity, container: GoSelector(selector).package)
        }
        let runs = GoRuns(units: [
            unit("m/a", .file), unit("m/b#TestX", .test), unit("m/c", .file), unit("m/b#TestY/row one", .test),
            unit("m/b#TestY", .test), unit("m/a#TestZ", .test), unit("m/d#TestX", .test),
        ]).selections
        #expect(runs == [["m/a", "m/c"], ["-run", "^(TestX|TestY)$", "m/b"], ["-run", "^(TestX)$", "m/d"]])
    }

    @Test func `thousands of tests are cut into expressions that fit`() {
        let units = (0..<10_000).map {
            TestUnit(suite: "s", selector: "m/a#TestNumber\($0)", granularity: .test, container: "m/a")
        }
        let runs = GoRuns(units: units).selections
        #expect(runs.count > 1)
        #expect(runs.allSatisfy { ArgumentLimit.allows($0) })
        #expect(runs.reduce(0) { $0 + $1[1].split(separator: "|").count } == units.count)
    }

    @Test func `the user's own words are kept, for listings only those that decide what is built`() {
        let suite = Suite(
            name: "s", runner: "go", workingDirectory: "/",
            command: .init(run: .arguments(["go1.22", "test", "-race", "-tags", "slow", "-count=2", "-mod=vendor"])))
        let command = GoCommand(suite)
        #expect(command.buildFlags == ["-tags", "slow", "-mod=vendor"])
        #expect(command.runFlags == ["-timeout=0"])
        #expect(command.listing(using: ["list"]).command.arguments(["list"]) == ["go1.22", "list"])
    }
}
