import CICore

@testable import Orchestrator

extension ConformanceCase {
    static let mocha = ConformanceCase(
        runner: MochaRunner(), fixture: "mocha",
        // Debian's mocha finds its modules there, also under a node that is not Debian's.
        suite: SuiteTemplate(environment: ["NODE_PATH": "/usr/share/nodejs"]),
        listings: [
            Listing(
                .file,
                ["test/calc.js", "test/crash.js", "test/hang.js", "test/hostile.js", "test/other.js"]),
            Listing(
                .test, splitting: "test/calc.js",
                [
                    "test/calc.js#calc adds", "test/calc.js#calc wrong", "test/calc.js#calc skipped",
                    "test/calc.js#calc pending", "test/calc.js#calc deep adds", "test/calc.js#top",
                ]),
        ],
        runs: Runs(
            subset: Expectation(
                ["test/calc.js", "test/other.js"],
                outcomes: [
                    "test/calc.js#calc adds": .passed, "test/calc.js#calc wrong": .failed,
                    "test/calc.js#calc skipped": .skipped, "test/calc.js#calc pending": .skipped,
                    "test/calc.js#calc deep adds": .passed, "test/calc.js#top": .passed,
                    "test/other.js#calc adds": .passed,
                ]),
            failure: ("test/calc.js#calc wrong", "arithmetic is broken"),
            retries: [
                Expectation(["test/calc.js#calc wrong"], .test, outcomes: ["test/calc.js#calc wrong": .failed]),
                Expectation(["test/other.js#calc adds"], .test, outcomes: ["test/other.js#calc adds": .passed]),
            ],
            hostile: Expectation(["test/hostile.js"], outcomes: hostileOutcomes("test/hostile.js"))),
        troubles: Troubles(
            crash: Death(
                ["test/other.js", "test/crash.js"],
                finished: ["test/other.js#calc adds": .passed, "test/crash.js#crash before": .passed],
                running: ["test/crash.js#crash dies"]),
            hang: Death(
                ["test/hang.js"], finished: ["test/hang.js#hang before": .passed],
                running: ["test/hang.js#hang waits"]),
            missingToolWord: "apt-get install mocha",
            broken: Broken(
                fixture: "mocha-broken", failure: .run(["test/bad.js", "test/fine.js"]), words: "SyntaxError"),
            proposal: "package.json"))
}
