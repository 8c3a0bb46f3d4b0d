import CICore

@testable import Orchestrator

extension ConformanceCase {
    private static let hostileFile = "spec/hostile [1] $(x)_spec.rb"

    static let rspec = ConformanceCase(
        runner: RSpecRunner(), fixture: "rspec",
        listings: [
            Listing(
                .file,
                [
                    "spec/calc_spec.rb", "spec/crash_spec.rb", "spec/hang_spec.rb", hostileFile, "spec/other_spec.rb",
                ]),
            Listing(
                .test, splitting: "spec/calc_spec.rb",
                [
                    "spec/calc_spec.rb[1:1]", "spec/calc_spec.rb[1:2]", "spec/calc_spec.rb[1:3]",
                    "spec/calc_spec.rb[1:4]", "spec/calc_spec.rb[1:5]", "spec/calc_spec.rb[1:6:1]",
                    "spec/calc_spec.rb[1:6:2]",
                ]),
            // A fixture for several examples is not torn apart.
            Listing(.test, splitting: "spec/other_spec.rb", ["spec/other_spec.rb"]),
        ],
        runs: Runs(
            subset: Expectation(
                ["spec/calc_spec.rb", "spec/other_spec.rb"],
                outcomes: [
                    "spec/calc_spec.rb[1:1]": .passed, "spec/calc_spec.rb[1:2]": .failed,
                    "spec/calc_spec.rb[1:3]": .errored, "spec/calc_spec.rb[1:4]": .skipped,
                    "spec/calc_spec.rb[1:5]": .skipped, "spec/calc_spec.rb[1:6:1]": .passed,
                    "spec/calc_spec.rb[1:6:2]": .passed, "spec/other_spec.rb[1:1]": .passed,
                    "spec/other_spec.rb[1:2]": .passed,
                ]),
            failure: ("spec/calc_spec.rb[1:2]", "arithmetic is broken"),
            retries: [
                Expectation(["spec/calc_spec.rb[1:2]"], .test, outcomes: ["spec/calc_spec.rb[1:2]": .failed]),
                Expectation(
                    ["spec/calc_spec.rb[1:6:2]", "spec/other_spec.rb[1:1]"], .test,
                    outcomes: ["spec/calc_spec.rb[1:6:2]": .passed, "spec/other_spec.rb[1:1]": .passed]),
            ],
            hostile: Expectation(
                [hostileFile],
                outcomes: [
                    "\(hostileFile)[1:1]": .passed, "\(hostileFile)[1:2]": .failed, "\(hostileFile)[1:3]": .passed,
                ])),
        troubles: Troubles(
            crash: Death(
                ["spec/crash_spec.rb"], finished: ["spec/crash_spec.rb[1:1]": .passed],
                running: ["spec/crash_spec.rb[1:2]"]),
            hang: Death(
                ["spec/hang_spec.rb"], finished: ["spec/hang_spec.rb[1:1]": .passed],
                running: ["spec/hang_spec.rb[1:2]"]),
            missingToolWord: "apt-get install ruby-rspec",
            broken: Broken(
                fixture: "rspec-broken", failure: .listing(.listingFailed), words: "method_that_is_not_there"),
            proposal: ".rspec"))
}
