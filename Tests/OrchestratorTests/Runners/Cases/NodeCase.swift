import CICore

@testable import Orchestrator

extension ConformanceCase {
    /// Names that are trouble for regular expressions, shells, logs and command lines.
    static let hostileScriptNames = [
        "a b", "a/b", "[x] (y|z)* +?", "it's", "\"q\" `b`", "$(touch hacked)", "\\d{2}^$", "é中",
        "::error::x <b>&amp;", "-x",
    ]

    static func hostileOutcomes(_ file: String) -> [String: Outcome] {
        Dictionary(
            uniqueKeysWithValues: hostileScriptNames.map { ("\(file)#\($0)", $0 == "a/b" ? .failed : .passed) })
    }

    static let node = ConformanceCase(
        runner: NodeRunner(), fixture: "node",
        listings: [
            Listing(
                .file,
                [
                    "test/calc.test.js", "test/crash.test.js", "test/hang.test.js", "test/hostile.test.js",
                    "test/other.test.mjs",
                ]),
            Listing(
                .test, splitting: "test/calc.test.js",
                [
                    "test/calc.test.js#adds", "test/calc.test.js#wrong", "test/calc.test.js#skipped",
                    "test/calc.test.js#later", "test/calc.test.js#group > adds",
                    "test/calc.test.js#group > deep > deepest", "test/calc.test.js#table",
                ]),
        ],
        runs: Runs(
            subset: Expectation(
                ["test/calc.test.js", "test/other.test.mjs"],
                outcomes: [
                    "test/calc.test.js#adds": .passed, "test/calc.test.js#wrong": .failed,
                    "test/calc.test.js#skipped": .skipped, "test/calc.test.js#later": .skipped,
                    "test/calc.test.js#group > adds": .passed, "test/calc.test.js#group > deep > deepest": .passed,
                    "test/calc.test.js#table": .passed, "test/calc.test.js#table > row one": .passed,
                    "test/calc.test.js#table > row two": .passed, "test/other.test.mjs#adds": .passed,
                ]),
            failure: ("test/calc.test.js#wrong", "arithmetic is broken"),
            retries: [
                Expectation(
                    ["test/calc.test.js#wrong"], .test, outcomes: ["test/calc.test.js#wrong": .failed]),
                Expectation(
                    ["test/calc.test.js#group > adds"], .test, outcomes: ["test/calc.test.js#group > adds": .passed]),
            ],
            hostile: Expectation(["test/hostile.test.js"], outcomes: hostileOutcomes("test/hostile.test.js"))),
        troubles: Troubles(
            crash: Death(
                ["test/other.test.mjs", "test/crash.test.js"], finished: ["test/other.test.mjs#adds": .passed],
                running: ["test/crash.test.js#dies"]),
            hang: Death(
                ["test/hang.test.js"], finished: ["test/hang.test.js#before": .passed],
                running: ["test/hang.test.js#waits"]),
            missingToolWord: "nodejs",
            broken: Broken(
                fixture: "node-broken", failure: .run(["test/bad.test.js", "test/fine.test.js"]),
                words: "SyntaxError"),
            proposal: "package.json"))
}
