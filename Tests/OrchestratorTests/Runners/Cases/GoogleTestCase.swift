import CICore

@testable import Orchestrator

extension ConformanceCase {
    static let googletest = ConformanceCase(
        runner: GoogleTestRunner(), fixture: "googletest",
        suite: SuiteTemplate(selection: Suite.Selection(paths: ["calc", "other"])),
        preparation: ["calc", "other"].map {
            ["g++", "-O0", "-o", $0, "\($0).cpp", "-lgtest", "-lgtest_main", "-lpthread"]
        },
        listings: [
            Listing(.file, ["calc", "other"]),
            Listing(
                .class, splitting: "calc",
                [
                    "calc#Calc.*", "calc#Typed/0.*", "calc#Typed/1.*", "calc#Odd/Words.*", "calc#Crash.*",
                    "calc#Hang.*",
                ]),
            Listing(.test, splitting: "other", ["other"]),
        ],
        runs: Runs(
            subset: Expectation(
                ["calc#Calc.*", "calc#Typed/0.*", "other#Calc.*"], .class,
                outcomes: [
                    "calc#Calc.Adds": .passed, "calc#Calc.AddsMore": .passed, "calc#Calc.Wrong": .failed,
                    "calc#Calc.Skipped": .skipped, "calc#Calc.DISABLED_Off": .skipped, "calc#Typed/0.Zero": .passed,
                    "other#Calc.Adds": .failed,
                ]),
            failure: ("calc#Calc.Wrong", "arithmetic is broken"),
            retries: [
                Expectation(["calc#Calc.Adds"], .test, outcomes: ["calc#Calc.Adds": .passed]),
                Expectation(["other#Calc.Adds"], .test, outcomes: ["other#Calc.Adds": .failed]),
            ],
            hostile: Expectation(
                ["calc#Odd/Words.*"], .class,
                outcomes: [
                    "calc#Odd/Words.Work/0": .passed, "calc#Odd/Words.Work/1": .passed,
                    "calc#Odd/Words.Work/2": .passed, "calc#Odd/Words.Work/3": .passed,
                ])),
        troubles: Troubles(
            crash: Death(
                ["other#Calc.*", "calc#Crash.*"], .class,
                finished: ["other#Calc.Adds": .failed, "calc#Crash.Before": .passed], running: ["calc#Crash.Dies"]),
            hang: Death(
                ["calc#Hang.*"], .class, finished: ["calc#Hang.Before": .passed], running: ["calc#Hang.Waits"]),
            broken: Broken(
                fixture: "googletest-broken", failure: .listing(.listingFailed), words: "libmissing.so")))
}
