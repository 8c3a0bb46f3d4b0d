import CICore

@testable import Orchestrator

extension ConformanceCase {
    private static let odd = "CalcTests.`Odd names`/`adds (1 + 2), really? [x]* ::error:: \"q\" $`()"

    static let swift = ConformanceCase(
        runner: SwiftRunner(), fixture: "swift",
        listings: [
            Listing(
                .class,
                [
                    "CalcTests", "CalcTests.NewCrashTests", "CalcTests.NewHangTests", "CalcTests.NewTests",
                    "CalcTests.OldCrashTests", "CalcTests.OldTests", "CalcTests.`Odd names`",
                    "CalcTests.`Odd names`/Inner", "MoreTests.OldTests",
                ])
        ],
        runs: Runs(
            subset: Expectation(
                ["CalcTests", "CalcTests.NewTests", "CalcTests.OldTests", "MoreTests.OldTests"], .class,
                outcomes: [
                    "CalcTests.free()": .passed, "CalcTests.NewTests/adds()": .passed,
                    "CalcTests.NewTests/addsMore()": .passed, "CalcTests.NewTests/wrong()": .failed,
                    "CalcTests.NewTests/skipped()": .skipped, "CalcTests.NewTests/each(n:)": .passed,
                    "CalcTests.NewTests/known()": .passed, "CalcTests.OldTests/testAdd": .passed,
                    "CalcTests.OldTests/testAddMore": .passed, "CalcTests.OldTests/testWrong": .failed,
                    "CalcTests.OldTests/testSkipped": .skipped, "MoreTests.OldTests/testAdd": .failed,
                ]),
            failure: ("CalcTests.OldTests/testWrong", "arithmetic is broken"),
            retries: [
                Expectation(
                    ["CalcTests.OldTests/testWrong"], .test, outcomes: ["CalcTests.OldTests/testWrong": .failed]),
                Expectation(
                    ["CalcTests.NewTests/adds()"], .test, outcomes: ["CalcTests.NewTests/adds()": .passed]),
            ],
            hostile: Expectation(
                ["CalcTests.`Odd names`", "CalcTests.`Odd names`/Inner"], .class,
                outcomes: [odd: .passed, "CalcTests.`Odd names`/Inner/deep()": .passed])),
        troubles: Troubles(
            crash: Death(
                ["CalcTests.OldCrashTests"], .class,
                finished: [
                    "CalcTests.OldCrashTests/testBefore": .passed
                ],
                running: ["CalcTests.OldCrashTests/testDies"]),
            hang: Death(
                ["CalcTests.NewHangTests"], .class,
                finished: ["CalcTests.NewHangTests/a()": .passed],
                running: ["CalcTests.NewHangTests/waits()"]),
            missingToolWord: "swift.org",
            broken: Broken(
                fixture: "swift-broken", failure: .listing(.buildFailed), words: "notDefinedAnywhere"),
            proposal: "Package.swift"))
}
