import Artifacts
import CICore
import SystemPackage
import Testing

@testable import Orchestrator

@Suite struct XcodeBuildRunnerTests {
    private let runner = XcodeBuildRunner()
    private let suite = Suite(
        name: "s", runner: "xcodebuild", workingDirectory: "/w",
        command: .init(run: .arguments(["xcodebuild", "-scheme", "App"])))

    private func inventory() async throws -> SuiteInventory {
        let scratch = try ScratchDirectory()
        var tools = scratch.tools
        tools.processes = RecordedProcesses(answers: [
            .init(
                word: "-test-enumeration-output-path", file: try RecordedProcesses.text("xcode/tests.json")),
            .init(word: "build-for-testing"),
        ])
        return try await runner.discover(suite, granularity: .class, using: tools)
    }

    @Test func `classes and suites are units, disabled tests are left out`() async throws {
        let found = try await inventory()
        #expect(
            found.units.map(\.selector) == ["AppTests", "AppTests/LoginTests", "AppTests/Words", "AppUITests/Tour"])
        #expect(found.units[1].tests == ["AppTests/LoginTests/testIn", "AppTests/LoginTests/testOut"])
        #expect(found.units.map(\.container) == ["AppTests", "AppTests", "AppTests", "AppUITests"])
    }

    @Test func `a build that fails is told in its own words`() async throws {
        let scratch = try ScratchDirectory()
        var tools = scratch.tools
        tools.processes = RecordedProcesses(answers: [
            .init(word: "build-for-testing", exit: .exited(65), errors: "App.swift:3: error: cannot find 'x'")
        ])
        let error = await #expect(throws: RunnerError.self) {
            try await runner.discover(suite, granularity: .class, using: tools)
        }
        #expect(error?.code == .buildFailed)
        #expect(error?.output == "App.swift:3: error: cannot find 'x'")
    }

    @Test func `a batch tests without building and then asks for the results`() async throws {
        let units = try await inventory().units
        let invocation = try runner.invocation(for: units, of: suite, in: BatchPlace(root: "/w/b"))
        let words = String(decoding: invocation.standardInput ?? [], as: UTF8.self).split(separator: "\0")
        #expect(words.starts(with: ["xcodebuild", "-scheme", "App", "test-without-building"]))
        #expect(words.filter { $0.hasPrefix("-only-testing:") }.count == 5)
        #expect(words.contains("-only-testing:AppTests/free()"))
        #expect(words.contains("xcresulttool"))
        #expect(invocation.reports.map(\.format) == [.xcresultTests])
    }

    @Test func `every case of a result bundle leads to its selector`() async throws {
        let batch = BatchScope(suite: suite, units: try await inventory().units)
        let scratch = try ScratchDirectory()
        try scratch.write(["results.json": try RecordedProcesses.text("xcode/results.json")])
        var outcomes: [String: Outcome] = [:]
        try ReportReader(format: .xcresultTests).read(scratch.path.appending("results.json")) { test in
            outcomes[runner.address(of: test, in: batch)?.selector ?? test.name] = test.outcome
        }
        #expect(
            outcomes == [
                "AppTests/LoginTests/testIn": .passed, "AppTests/LoginTests/testOut": .failed,
                "AppTests/Words/each(n:)": .failed, "AppTests/free()": .skipped, "AppUITests/Tour/testStart": .passed,
            ])
    }

    @Test func `the test that was running is named`() {
        let log = """
            Test Case '-[AppTests.LoginTests testIn]' started.
            Test Case '-[AppTests.LoginTests testIn]' passed (0.010 seconds).
            Test Case '-[AppTests.LoginTests testOut]' started.
            """
        #expect(XcodeBuildRunner.running(in: log) == ["AppTests/LoginTests/testOut"])
        #expect(XcodeBuildRunner.running(in: "Test Case '-[") == [])
    }
}
