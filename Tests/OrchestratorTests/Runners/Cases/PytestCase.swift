import CICore

@testable import Orchestrator

extension ConformanceCase {
    private static let hostileFile = "tests/test_hostile [1] $(x).py"

    static let pytest = ConformanceCase(
        runner: PytestRunner(), fixture: "pytest",
        listings: [
            Listing(
                .file,
                [
                    "tests/test_crash.py", "tests/test_hang.py", hostileFile, "tests/test_leaves.py",
                    "tests/test_mixed.py", "tests/test_shared.py",
                ]),
            Listing(
                .class, splitting: "tests/test_mixed.py",
                [
                    "tests/test_mixed.py::test_passes", "tests/test_mixed.py::test_fails",
                    "tests/test_mixed.py::test_skipped", "tests/test_mixed.py::test_expected_to_fail",
                    "tests/test_mixed.py::test_error", "tests/test_mixed.py::TestOuter",
                ]),
            Listing(
                .test, splitting: "tests/test_mixed.py",
                [
                    "tests/test_mixed.py::test_passes", "tests/test_mixed.py::test_fails",
                    "tests/test_mixed.py::test_skipped", "tests/test_mixed.py::test_expected_to_fail",
                    "tests/test_mixed.py::test_error", "tests/test_mixed.py::TestOuter::test_method",
                    "tests/test_mixed.py::TestOuter::TestInner::test_nested[1]",
                    "tests/test_mixed.py::TestOuter::TestInner::test_nested[2]",
                ]),
        ],
        runs: Runs(
            subset: Expectation(
                ["tests/test_mixed.py", "tests/test_shared.py"],
                outcomes: [
                    "tests/test_mixed.py::test_passes": .passed, "tests/test_mixed.py::test_fails": .failed,
                    "tests/test_mixed.py::test_skipped": .skipped,
                    "tests/test_mixed.py::test_expected_to_fail": .skipped,
                    "tests/test_mixed.py::test_error": .errored,
                    "tests/test_mixed.py::TestOuter::test_method": .passed,
                    "tests/test_mixed.py::TestOuter::TestInner::test_nested[1]": .passed,
                    "tests/test_mixed.py::TestOuter::TestInner::test_nested[2]": .passed,
                    "tests/test_shared.py::test_reads": .passed, "tests/test_shared.py::test_writes": .passed,
                    "tests/test_shared.py::test_apart": .passed, "tests/test_shared.py::test_lonely": .passed,
                ]),
            failure: ("tests/test_mixed.py::test_fails", "arithmetic is broken"),
            retries: [
                Expectation(
                    ["tests/test_mixed.py::test_fails"], .test, outcomes: ["tests/test_mixed.py::test_fails": .failed]),
                Expectation(
                    ["tests/test_mixed.py::TestOuter::TestInner::test_nested[2]"], .test,
                    outcomes: ["tests/test_mixed.py::TestOuter::TestInner::test_nested[2]": .passed]),
            ],
            hostile: Expectation(
                [hostileFile],
                outcomes: Dictionary(
                    uniqueKeysWithValues: [
                        "a b", "a::b", "a/b", "[x]", "it's", "\"q\"", "$(touch hacked)", "\\xe9\\u4e2d", "\\x1b[31m",
                        "-x", "a;b|c&d", "",
                    ].map { ("\(hostileFile)::test_name[\($0)]", $0 == "a/b" ? .failed : .passed) }))),
        troubles: Troubles(
            crash: Death(
                ["tests/test_crash.py"], finished: ["tests/test_crash.py::test_before": .passed],
                running: ["tests/test_crash.py::test_dies"]),
            hang: Death(
                ["tests/test_hang.py"], finished: ["tests/test_hang.py::test_before": .passed],
                running: ["tests/test_hang.py::test_hangs"]),
            missingToolWord: "python3-pytest",
            broken: Broken(
                fixture: "pytest-broken", failure: .run(["tests/test_broken.py", "tests/test_fine.py"]),
                words: "module_that_is_not_there"),
            proposal: "pytest.ini"))
}
