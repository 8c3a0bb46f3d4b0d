import CICore

@testable import Orchestrator

extension ConformanceCase {
    private static let calc = #"App\Tests\CalcTest"#
    private static let rows = #"App\Tests\HostileTest::testRows with data set "#

    static let phpunit = ConformanceCase(
        runner: PHPUnitRunner(), fixture: "phpunit",
        listings: [
            Listing(.file, [calc, #"App\Tests\HostileTest"#, "BoundTest", "CrashTest", "HangTest"]),
            Listing(
                .test, splitting: calc,
                [
                    "\(calc)::testAdds", "\(calc)::testAddsMore", "\(calc)::testFails", "\(calc)::testRaises",
                    "\(calc)::testSkipped",
                ]),
            // Tests that depend on each other are not torn apart.
            Listing(.test, splitting: "BoundTest", ["BoundTest"]),
        ],
        runs: Runs(
            subset: Expectation(
                [calc, "BoundTest"],
                outcomes: [
                    "\(calc)::testAdds": .passed, "\(calc)::testAddsMore": .passed, "\(calc)::testFails": .failed,
                    "\(calc)::testRaises": .errored, "\(calc)::testSkipped": .skipped,
                    "BoundTest::testFirst": .passed, "BoundTest::testSecond": .passed,
                ]),
            failure: ("\(calc)::testFails", "arithmetic is broken"),
            retries: [
                Expectation(["\(calc)::testFails"], .test, outcomes: ["\(calc)::testFails": .failed]),
                // Not `testAddsMore`, whose name begins with it.
                Expectation(["\(calc)::testAdds"], .test, outcomes: ["\(calc)::testAdds": .passed]),
            ],
            hostile: Expectation(
                [#"App\Tests\HostileTest"#],
                outcomes: [
                    rows + #""one""#: .passed, rows + #""it's / #(x) "<&>" [a|b].*""#: .failed,
                    rows + #""$(touch hacked)""#: .passed, rows + #""ünïcödé 中""#: .passed,
                    rows + #""with data set "one"""#: .passed, rows + "#0": .passed,
                ])),
        troubles: Troubles(
            crash: Death(
                ["CrashTest"], finished: ["CrashTest::testBefore": .passed], running: ["CrashTest::testDies"]),
            hang: Death(["HangTest"], finished: ["HangTest::testBefore": .passed], running: ["HangTest::testHangs"]),
            missingToolWord: "apt-get install phpunit",
            broken: Broken(
                fixture: "phpunit-broken", failure: .listing(.listingFailed), words: "ClassThatIsNotThere"),
            proposal: "phpunit.xml"))
}
