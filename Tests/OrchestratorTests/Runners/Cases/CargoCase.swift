import CICore

@testable import Orchestrator

extension ConformanceCase {
    private static let odd: [String: Outcome] = [
        "calc#tests::r#type::r#match": .passed, "calc#tests::r#type::größe": .passed,
    ]

    static let cargo = ConformanceCase(
        runner: CargoRunner(), fixture: "cargo",
        listings: [
            Listing(.file, ["calc", "calc::crash", "calc::hang", "tool::bin/tool"]),
            Listing(
                .test, splitting: "calc",
                Set(odd.keys).union([
                    "calc#tests::adds", "calc#tests::adds_more", "calc#tests::wrong", "calc#tests::skipped",
                    "calc#tests::panics",
                ])),
        ],
        runs: Runs(
            subset: Expectation(
                ["calc", "tool::bin/tool"],
                outcomes: odd.merging([
                    "calc#tests::adds": .passed, "calc#tests::adds_more": .passed, "calc#tests::wrong": .failed,
                    "calc#tests::skipped": .skipped, "calc#tests::panics": .passed, "tool::bin/tool#adds": .passed,
                ]) { $1 }),
            failure: ("calc#tests::wrong", "arithmetic is broken"),
            retries: [
                Expectation(["calc#tests::wrong"], .test, outcomes: ["calc#tests::wrong": .failed]),
                Expectation(["calc#tests::adds"], .test, outcomes: ["calc#tests::adds": .passed]),
                Expectation(["tool::bin/tool#adds"], .test, outcomes: ["tool::bin/tool#adds": .passed]),
            ],
            hostile: Expectation(odd.keys.sorted(), .test, outcomes: odd)),
        troubles: Troubles(
            crash: Death(
                ["tool::bin/tool", "calc::crash"],
                finished: [
                    "tool::bin/tool#adds": .passed, "calc::crash#a_before": .passed,
                ],
                running: ["calc::crash#b_dies"]),
            hang: Death(
                ["calc::hang"],
                finished: ["calc::hang#a_before": .passed],
                running: ["calc::hang#b_waits"]),
            missingToolWord: "apt-get install cargo",
            broken: Broken(
                fixture: "cargo-broken", failure: .listing(.buildFailed), words: "not_defined_anywhere"),
            proposal: "Cargo.toml"))
}
