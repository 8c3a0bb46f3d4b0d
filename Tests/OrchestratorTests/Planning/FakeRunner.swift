import Artifacts
import CICore

@testable import Orchestrator

/// A runner that lists what it is told and starts nothing.
struct FakeRunner: TestRunner {
    var id: RunnerID = "fake"
    var finest = Granularity.test
    var knowsTestsById = false
    var units: [TestUnit] = []
    /// What a unit splits into; other units cannot be split.
    var pieces: [String: [TestUnit]] = [:]
    var failure: RunnerError?
    var splitFailure: RunnerError?
    /// Of a listing that is finer than by file.
    var finerFailure: RunnerError?

    var profile: RunnerProfile {
        RunnerProfile(
            title: "Fake", support: .recorded, tool: .init(executable: "fake", debianPackages: []), finest: finest,
            costs: .init(start: .milliseconds(300), unit: .seconds(1), test: .milliseconds(50)),
            knowsTestsById: knowsTestsById)
    }

    func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        if let failure { throw failure }
        let listed = units.filter { $0.suite == suite.name }
        guard granularity > .file else { return SuiteInventory(units: listed) }
        if let finerFailure { throw finerFailure }
        return SuiteInventory(units: listed.flatMap { pieces[$0.selector] ?? [$0] })
    }

    func split(
        _ unit: TestUnit, of suite: Suite, into granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit] {
        if let splitFailure { throw splitFailure }
        return pieces[unit.selector] ?? [unit]
    }

    func invocation(for units: [TestUnit], of suite: Suite, in place: BatchPlace) throws(RunnerError) -> Invocation {
        throw RunnerError(code: .badConfiguration, suite: suite.name, description: "a fake runner runs nothing")
    }

    func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? { nil }

    func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading { .completed }
}
