import CICore

@testable import Orchestrator

extension ConformanceCase {
    /// Debian's own repository, without a network.
    static let maven = ConformanceCase(
        runner: MavenRunner(), fixture: "maven",
        suite: SuiteTemplate(
            command: Suite.Command(run: .arguments(["mvn", "-o", "-Dmaven.repo.local=/usr/share/maven-repo"]))),
        listings: [
            Listing(.file, ["demo.CalcTest", "demo.RowsTest", "demo.CrashTest", "demo.HangTest"]),
            Listing(
                .test, splitting: "demo.CalcTest",
                [
                    "demo.CalcTest#adds", "demo.CalcTest#addsMore", "demo.CalcTest#fails", "demo.CalcTest#raises",
                    "demo.CalcTest#skipped",
                ]),
        ],
        runs: Runs(
            subset: Expectation(
                ["demo.CalcTest", "demo.RowsTest"],
                outcomes: [
                    "demo.CalcTest#adds": .passed, "demo.CalcTest#addsMore": .passed, "demo.CalcTest#fails": .failed,
                    "demo.CalcTest#raises": .errored, "demo.CalcTest#skipped": .skipped,
                    "demo.RowsTest#isShort[one]": .passed,
                    "demo.RowsTest#isShort[it's <&> $(touch hacked) ü中]": .failed,
                ]),
            failure: ("demo.CalcTest#fails", "arithmetic is broken"),
            retries: [
                Expectation(["demo.CalcTest#fails"], .test, outcomes: ["demo.CalcTest#fails": .failed]),
                // Not `addsMore`, whose name begins with it.
                Expectation(
                    ["demo.CalcTest#adds", "demo.RowsTest#isShort"], .test,
                    outcomes: [
                        "demo.CalcTest#adds": .passed, "demo.RowsTest#isShort[one]": .passed,
                        "demo.RowsTest#isShort[it's <&> $(touch hacked) ü中]": .failed,
                    ]),
            ]),
        troubles: Troubles(
            crash: Death(["demo.CrashTest"], finished: [:], running: ["demo.CrashTest"]),
            hang: Death(["demo.HangTest"], finished: [:], running: ["demo.HangTest"]),
            missingToolWord: "mvn",
            broken: Broken(
                fixture: "maven-broken", failure: .listing(.buildFailed), words: "ClassThatIsNotThere"),
            proposal: "pom.xml", patience: .seconds(15)))
}
