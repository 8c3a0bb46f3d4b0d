import CICore

@testable import Orchestrator

extension ConformanceCase {
    private static let libraries = [
        "junit-jupiter-api", "junit-jupiter-params", "junit-platform-commons", "opentest4j", "apiguardian-api",
    ].map { "/usr/share/java/\($0).jar" }.joined(separator: ":")
    private static let sources = ["CalcTest", "HostileTest", "SharedTest", "CrashTest", "HangTest"]

    static let junit5 = ConformanceCase(
        runner: JUnit5Runner(), fixture: "junit5",
        suite: SuiteTemplate(selection: Suite.Selection(paths: ["classes"])),
        preparation: [
            ["javac", "-encoding", "UTF-8", "-cp", libraries, "-d", "classes"] + sources.map { "src/demo/\($0).java" }
        ],
        listings: [
            Listing(.file, Set(sources.map { "demo.\($0)" })),
            Listing(
                .test, splitting: "demo.CalcTest",
                [
                    "demo.CalcTest#adds", "demo.CalcTest#fails", "demo.CalcTest#raises", "demo.CalcTest#skipped",
                    "demo.CalcTest#rows(java.lang.String)", "demo.CalcTest#twice", "demo.CalcTest#made",
                    "demo.CalcTest$Inner#deep",
                ]),
            // A fixture of the class is not torn apart.
            Listing(.test, splitting: "demo.SharedTest", ["demo.SharedTest"]),
        ],
        runs: Runs(
            subset: Expectation(
                ["demo.CalcTest", "demo.SharedTest"],
                outcomes: [
                    "demo.CalcTest#adds": .passed, "demo.CalcTest#fails": .failed, "demo.CalcTest#raises": .errored,
                    "demo.CalcTest#skipped": .skipped, "demo.CalcTest#rows(java.lang.String)[1]": .passed,
                    "demo.CalcTest#rows(java.lang.String)[2]": .passed, "demo.CalcTest#twice[1]": .passed,
                    "demo.CalcTest#twice[2]": .passed, "demo.CalcTest#made[1]": .passed,
                    "demo.CalcTest$Inner#deep": .passed, "demo.SharedTest#inherited": .passed,
                    "demo.SharedTest#own": .passed,
                ]),
            failure: ("demo.CalcTest#fails", "arithmetic is broken"),
            retries: [
                Expectation(["demo.CalcTest#fails"], .test, outcomes: ["demo.CalcTest#fails": .failed]),
                Expectation(
                    ["demo.CalcTest#rows(java.lang.String)", "demo.CalcTest$Inner#deep"], .test,
                    outcomes: [
                        "demo.CalcTest#rows(java.lang.String)[1]": .passed,
                        "demo.CalcTest#rows(java.lang.String)[2]": .passed, "demo.CalcTest$Inner#deep": .passed,
                    ]),
            ],
            hostile: Expectation(
                ["demo.HostileTest"],
                outcomes: [
                    "demo.HostileTest#displayed": .passed, "demo.HostileTest#überprüft_中$1": .failed,
                    "demo.HostileTest#arrays(int, org.junit.jupiter.api.TestInfo)[1]": .passed,
                ])),
        troubles: Troubles(
            crash: Death(
                ["demo.CrashTest"], finished: ["demo.CrashTest#aBefore": .passed], running: ["demo.CrashTest#bDies"]),
            hang: Death(
                ["demo.HangTest"], finished: ["demo.HangTest#aBefore": .passed], running: ["demo.HangTest#bHangs"]),
            missingToolWord: "default-jre-headless",
            patience: .seconds(12)))
}
