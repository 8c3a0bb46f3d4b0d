import CICore

@testable import Orchestrator

extension ConformanceCase {
    private static let hostileFile = "test/hostile [1] é.bats"

    static let bats = ConformanceCase(
        runner: BatsRunner(), fixture: "bats",
        listings: [
            Listing(
                .file,
                ["test/crash.bats", "test/hang.bats", hostileFile, "test/mixed.bats", "test/other.bats"]),
            Listing(
                .test, splitting: "test/mixed.bats",
                [
                    "test/mixed.bats::adds", "test/mixed.bats::fails", "test/mixed.bats::skips",
                    "test/mixed.bats::written_as_a_function",
                ]),
            // A fixture of the file is not torn apart.
            Listing(.test, splitting: "test/other.bats", ["test/other.bats"]),
        ],
        runs: Runs(
            subset: Expectation(
                ["test/mixed.bats", "test/other.bats"],
                outcomes: [
                    "test/mixed.bats::adds": .passed, "test/mixed.bats::fails": .failed,
                    "test/mixed.bats::skips": .skipped, "test/mixed.bats::written_as_a_function": .passed,
                    "test/other.bats::adds": .passed, "test/other.bats::subtracts": .passed,
                ]),
            failure: ("test/mixed.bats::fails", "arithmetic is broken"),
            retries: [
                Expectation(["test/mixed.bats::fails"], .test, outcomes: ["test/mixed.bats::fails": .failed]),
                // One name in two files, and files asked for in part and as a whole.
                Expectation(
                    ["test/mixed.bats::adds", "test/other.bats::subtracts"], .test,
                    outcomes: ["test/mixed.bats::adds": .passed, "test/other.bats::subtracts": .passed]),
            ],
            hostile: Expectation(
                [hostileFile],
                outcomes: Dictionary(
                    uniqueKeysWithValues: [
                        #"odd (name) [x] .* a|b ^\$ {2}"#, #"says \"hi\" <&> 'there'"#, "in single quotes",
                        #"costs \$5, \$(touch hacked) \`touch hacked\`"#,
                        "shown as $BATS_TEST_NUMBER and ${BATS_ROOT}", "ends like a result in 5ms # skip it", "-x",
                        "ünïcödé 中 100%", #"back\\slash"#, "no_quotes_at_all", "writes results",
                    ].map { ("\(hostileFile)::\($0)", $0.hasPrefix("ünï") ? .failed : .passed) }))),
        troubles: Troubles(
            crash: Death(
                ["test/crash.bats"], finished: ["test/crash.bats::before": .passed],
                running: ["test/crash.bats::dies"]),
            hang: Death(
                ["test/hang.bats"], finished: ["test/hang.bats::before": .passed], running: ["test/hang.bats::hangs"]),
            missingToolWord: "apt-get install bats",
            broken: Broken(
                fixture: "bats-broken", failure: .run(["test/twice.bats"]), words: "Duplicate test name(s)"),
            proposal: "5 *.bats files"))
}
