import CICore

@testable import Orchestrator

extension ConformanceCase {
    static let go = ofGo(GoRunner(), fixture: "go", crashed: nil)
    static let gotestsum = ofGo(GoTestSumRunner(), fixture: "gotestsum", crashed: .failed)

    private static func ofGo(
        _ runner: any TestRunner, fixture: String, crashed: Outcome?
    ) -> ConformanceCase {
        let base = "example.com/calc"
        return ConformanceCase(
            runner: runner, fixture: fixture,
            listings: [
                Listing(.file, ["\(base)/calc", "\(base)/crash", "\(base)/hang", "\(base)/odd"]),
                Listing(
                    .test, splitting: "\(base)/calc",
                    [
                        "\(base)/calc#TestAdd", "\(base)/calc#TestAddMore", "\(base)/calc#TestWrong",
                        "\(base)/calc#TestSkipped", "\(base)/calc#TestTable", "\(base)/calc#FuzzAdd",
                        "\(base)/calc#ExampleAdd",
                    ]),
            ],
            runs: Runs(
                subset: Expectation(["\(base)/calc"], outcomes: calc(base)),
                failure: ("\(base)/calc#TestWrong", "got 3, want 4"),
                retries: [
                    Expectation(["\(base)/calc#TestAdd"], .test, outcomes: ["\(base)/calc#TestAdd": .passed]),
                    Expectation(
                        ["\(base)/calc#TestTable"], .test,
                        outcomes: calc(base).filter { $0.key.contains("TestTable") }),
                    Expectation(
                        ["\(base)/calc#TestAdd", "\(base)/odd#TestRows"], .test,
                        outcomes: rows(base).merging(["\(base)/calc#TestAdd": .passed]) { $1 }),
                ],
                hostile: Expectation(
                    ["\(base)/odd#TestÜber_ß"], .test, outcomes: ["\(base)/odd#TestÜber_ß": .passed])),
            troubles: Troubles(
                crash: Death(
                    ["\(base)/crash"],
                    finished: ["\(base)/crash#TestBefore": .passed].merging(
                        crashed.map { ["\(base)/crash#TestCrash": $0] } ?? [:]
                    ) { $1 },
                    running: ["\(base)/crash#TestCrash"]),
                hang: Death(
                    ["\(base)/hang"],
                    finished: ["\(base)/hang#TestBefore": .passed],
                    running: ["\(base)/hang#TestHang"]),
                missingToolWord: runner.id.rawValue == "go" ? "golang-go" : "gotestsum",
                broken: Broken(
                    fixture: "go-broken", failure: .run(["example.com/broken/bad", "example.com/broken/good"]),
                    words: "notDefinedAnywhere"),
                proposal: runner.id.rawValue == "go" ? "go.mod" : nil))
    }

    private static func calc(_ base: String) -> [String: Outcome] {
        [
            "\(base)/calc#TestAdd": .passed, "\(base)/calc#TestAddMore": .passed, "\(base)/calc#TestWrong": .failed,
            "\(base)/calc#TestSkipped": .skipped, "\(base)/calc#TestTable": .failed,
            "\(base)/calc#TestTable/a_b/c": .passed, "\(base)/calc#TestTable/wrong_(row)": .failed,
            "\(base)/calc#ExampleAdd": .passed, "\(base)/calc#FuzzAdd": .passed, "\(base)/calc#FuzzAdd/seed#0": .passed,
        ]
    }

    private static func rows(_ base: String) -> [String: Outcome] {
        [
            "\(base)/odd#TestRows": .passed,
            "\(base)/odd#TestRows/[x]_$(y)_`z`_\"q\"_<b>_::error::": .passed,
            "\(base)/odd#TestRows/..//../etc": .passed,
        ]
    }
}
