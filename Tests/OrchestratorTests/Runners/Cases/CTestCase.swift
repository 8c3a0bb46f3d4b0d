import CICore

@testable import Orchestrator

extension ConformanceCase {
    private static let hostileTests = [
        "odd [name] (a+b)|c .*", "::error::<b> $(touch hacked)", "what's ^this$ & \"that\"",
    ]

    static let ctest = ConformanceCase(
        runner: CTestRunner(), fixture: "ctest", preparation: [["cmake", "-S", ".", "-B", "build"]],
        listings: [
            Listing(
                .file,
                Set(
                    [
                        "adds", "adds_more", "wrong", "skipped", "gpu", "db_up", "db_use", "db_down", "dies", "hangs",
                    ] + hostileTests))
        ],
        runs: Runs(
            subset: Expectation(
                ["adds", "wrong", "skipped", "db_use", "db_up", "db_down"],
                outcomes: [
                    "adds": .passed, "wrong": .failed, "skipped": .skipped, "db_use": .passed, "db_up": .passed,
                    "db_down": .passed,
                ]),
            failure: ("wrong", "got 3, want 4"),
            retries: [
                Expectation(["wrong"], .test, outcomes: ["wrong": .failed]),
                Expectation(["adds"], .test, outcomes: ["adds": .passed]),
            ],
            hostile: Expectation(
                hostileTests,
                outcomes: [hostileTests[0]: .passed, hostileTests[1]: .passed, hostileTests[2]: .failed])),
        troubles: Troubles(
            crash: Death(["adds", "dies"], finished: ["adds": .passed], running: ["dies"]),
            hang: Death(["adds", "hangs"], finished: ["adds": .passed], running: ["hangs"]),
            missingToolWord: "cmake", proposal: "CTestTestfile.cmake"))
}
