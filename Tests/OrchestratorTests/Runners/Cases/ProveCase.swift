import CICore

@testable import Orchestrator

extension ConformanceCase {
    private static let hostileFile = "t/hostile [1] $(x).t"

    static let prove = ConformanceCase(
        runner: ProveRunner(), fixture: "prove",
        listings: [
            Listing(
                .file,
                [
                    "t/all_skipped.t", "t/bad_end.t", "t/bad_plan.t", "t/crash.t", "t/hang.t", hostileFile, "t/mixed.t",
                    "t/sub/fine.t",
                ]),
            Listing(.test, splitting: "t/mixed.t", ["t/mixed.t"]),
        ],
        runs: Runs(
            subset: Expectation(
                ["t/mixed.t", "t/sub/fine.t", "t/all_skipped.t", "t/bad_end.t", "t/bad_plan.t"],
                outcomes: [
                    "t/mixed.t::1 adds": .passed, "t/mixed.t::2 arithmetic is broken": .failed,
                    "t/mixed.t::3 to do": .skipped, "t/mixed.t::4": .skipped, "t/mixed.t::5 nested": .passed,
                    "t/mixed.t::6": .passed, "t/sub/fine.t::1 fine": .passed, "t/all_skipped.t": .skipped,
                    "t/bad_end.t::1 one": .passed, "t/bad_end.t": .errored, "t/bad_plan.t::1 one": .passed,
                    "t/bad_plan.t": .errored,
                ]),
            failure: ("t/bad_plan.t", "planned 3 tests but ran 1"),
            retries: [
                Expectation(["t/sub/fine.t"], outcomes: ["t/sub/fine.t::1 fine": .passed])
            ],
            hostile: Expectation(
                [hostileFile],
                outcomes: [
                    "\(hostileFile)::1 it's \"quoted\" $(touch hacked)": .passed,
                    "\(hostileFile)::2 <&> \u{1b}[31m": .failed, "\(hostileFile)::3 - dashes": .passed,
                    "\(hostileFile)::4": .passed, "\(hostileFile)::5 ü 中": .passed,
                ])),
        troubles: Troubles(
            crash: Death(
                ["t/sub/fine.t", "t/crash.t"], finished: ["t/sub/fine.t::1 fine": .passed], running: ["t/crash.t"]),
            hang: Death(
                ["t/sub/fine.t", "t/hang.t"], finished: ["t/sub/fine.t::1 fine": .passed], running: ["t/hang.t"]),
            missingToolWord: "apt-get install perl",
            broken: Broken(
                fixture: "prove-broken", failure: .run(["t/not_there.t"]), words: "Cannot detect source of"),
            proposal: "8 *.t files"))
}
