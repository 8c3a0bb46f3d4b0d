import CICore

@testable import Orchestrator

extension ConformanceCase {
    static let command = ConformanceCase(
        runner: CommandRunner(), fixture: "command",
        suite: SuiteTemplate(
            command: .init(run: .shell("./run.sh {{results}} {{tests}}"), list: .arguments(["./list.sh"]))),
        listings: [
            Listing(
                .file,
                ["good", "bad", "skipped", "sp ace", "it's", "$(touch hacked)", "é \"q\" ; | &", "-n"])
        ],
        runs: Runs(
            subset: Expectation(
                ["good", "bad", "skipped"], outcomes: ["good": .passed, "bad": .failed, "skipped": .skipped]),
            failure: ("bad", "it is bad"),
            retries: [Expectation(["bad"], outcomes: ["bad": .failed])],
            hostile: Expectation(
                ["sp ace", "it's", "$(touch hacked)", "é \"q\" ; | &", "-n"],
                outcomes: [
                    "sp ace": .passed, "it's": .passed, "$(touch hacked)": .passed, "é \"q\" ; | &": .passed,
                    "-n": .passed,
                ])),
        troubles: Troubles(
            crash: Death(["good", "crash"], finished: ["good": .passed], running: []),
            hang: Death(["good", "hang"], finished: ["good": .passed], running: []),
            patience: .seconds(1)))
}
