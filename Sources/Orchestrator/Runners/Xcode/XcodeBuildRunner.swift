package import Artifacts
package import CICore
import SystemPackage

/// `xcodebuild`: built once by the listing, then `test-without-building -only-testing:…`.
///
/// The suite's `command` says what is tested, such as `[xcodebuild, -scheme, App, -destination, "platform=macOS"]`.
package struct XcodeBuildRunner: TestRunner {
    private static let tool = RunnerProfile.Tool(
        executable: "xcodebuild", debianPackages: [], hint: "Xcode 16 or later from the App Store")

    package init() {}

    package var id: RunnerID { "xcodebuild" }

    package var profile: RunnerProfile {
        RunnerProfile(
            title: "xcodebuild", support: .recorded, tool: Self.tool, finest: .test,
            costs: .init(start: .seconds(10), unit: .seconds(1), test: .milliseconds(100)))
    }

    package func question(about suite: Suite) -> ToolQuestion? {
        RunnerCommand(suite, tool: Self.tool).question(["-version"], minimum: "16.0")
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        let command = RunnerCommand(suite, tool: Self.tool)
        let build = try await command.capture(
            ["build-for-testing", "-quiet"], accepting: Set(0...255), to: "build the tests", using: tools)
        guard build.exit == .exited(0) else {
            throw RunnerError(
                code: .buildFailed, suite: suite.name,
                description: "suite \(suite.name): the tests do not build: xcodebuild ended with \(build.exit)",
                output: RunnerWords.tail(of: build))
        }
        let file = tools.scratch.appending("xcode-tests.json")
        let answer = try await command.capture(
            [
                "test-without-building", "-enumerate-tests", "-test-enumeration-style", "flat",
                "-test-enumeration-format", "json", "-test-enumeration-output-path", file.string,
            ], using: tools)
        // A file that cannot be read is a listing that failed.
        let bytes = (try? tools.files.contents(of: file, limit: 256 << 20)) ?? answer.standardOutput
        guard let tests = Self.tests(in: bytes) else {
            throw RunnerError(
                code: .listingFailed, suite: suite.name,
                description: "suite \(suite.name): xcodebuild's list of tests cannot be read",
                output: RunnerWords.tail(of: answer))
        }
        return inventory(of: tests, suite: suite, granularity: granularity)
    }

    /// Identifiers such as `AppTests/LoginTests/testOut`, as `-only-testing` takes them.
    static func tests(in bytes: [UInt8]) -> [String]? {
        guard let json = bytes.withUnsafeBufferPointer({ JSONValue($0) }), json["values"] != nil else { return nil }
        var seen: Set<String> = []
        return (json["values"]?.array ?? []).flatMap { $0["enabledTests"]?.array ?? [] }
            .compactMap { $0["identifier"]?.string }.filter { seen.insert($0).inserted }
    }

    private func inventory(of tests: [String], suite: Suite, granularity: Granularity) -> SuiteInventory {
        let selection = suite.selection
        let include = selection.include.map { Glob($0) }
        let exclude = selection.exclude.map { Glob($0) }
        let isNamed = { (path: String, test: String) in test == path || test.hasPrefix(path + "/") }
        let kept = tests.filter { test in
            (selection.paths.isEmpty || selection.paths.contains { isNamed($0, test) })
                && (include.isEmpty || include.contains { $0.matches(test) })
                && !exclude.contains { $0.matches(test) }
        }
        let classes = Dictionary(grouping: kept, by: Self.container).sorted { $0.key < $1.key }
        var units = classes.map { name, tests in
            TestUnit(
                suite: suite.name, selector: name, granularity: .class, container: Self.target(of: name), tests: tests)
        }
        if granularity == .test { units = units.flatMap { $0.splitByKnownTests() } }
        return SuiteInventory(
            units: units, unmatched: selection.paths.filter { path in !tests.contains { isNamed(path, $0) } })
    }

    private static func container(of test: String) -> String {
        test.lastIndex(of: "/").map { String(test[..<$0]) } ?? test
    }

    private static func target(of name: String) -> String { String(name.prefix { $0 != "/" }) }

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let command = RunnerCommand(suite, tool: Self.tool)
        let selections = ArgumentLimit.groups(
            of: units.flatMap { $0.tests ?? [$0.selector] }.map { "-only-testing:\($0)" })
        var runs: [RunSeries.Run] = []
        var reports: [ExpectedReport] = []
        for (index, selection) in selections.enumerated() {
            let bundle = place.results.appending("xcode-\(index).xcresult")
            let report = place.results.appending("xcode-\(index).json")
            runs.append(
                RunSeries.Run(
                    command.arguments(
                        [
                            "test-without-building", "-resultBundlePath", bundle.string, "-parallel-testing-enabled",
                            "NO",
                        ]
                            + selection)))
            runs.append(
                RunSeries.Run(
                    [
                        "xcrun", "xcresulttool", "get", "test-results", "tests", "--compact", "--path", bundle.string,
                    ], output: report))
            reports.append(ExpectedReport(report, format: .xcresultTests))
        }
        let series = RunSeries(runs: runs)
        return Invocation(series.arguments, standardInput: series.standardInput, reports: reports)
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        RunnerCommand(suite, tool: Self.tool).arguments(["test", "-only-testing:\(test.selector)"])
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        let full = "\(test.className)/\(test.name)"
        // The listing writes XCTest's functions without parentheses, the results with them.
        let bare = full.hasSuffix("()") ? String(full.dropLast(2)) : full
        for unit in batch.units {
            guard let selector = (unit.tests ?? [unit.selector]).first(where: { $0 == full || $0 == bare }) else {
                continue
            }
            return TestAddress(selector: selector, container: unit.container)
        }
        return nil
    }

    /// 65 = tests failed, or the build; 64 = wrong arguments; 70 = nothing to run it on.
    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        if let signal = exit.deathSignal { return .crashed("xcodebuild was ended by signal \(signal)") }
        let words = RunnerWords.tail(of: ending.outputTail)
        switch exit {
        case .exited(0): return ending.reported == 0 ? .nothingCollected : .completed
        case .exited(65) where ending.failures > 0: return .completed
        case .exited(65) where ending.outputTail.contains("BUILD FAILED"): return .buildFailed(words)
        case .exited(65): return .crashed("xcodebuild ended with \(exit), but no test failed")
        default: return .misused(words)
        }
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        // No output: nothing had begun.
        guard let bytes = try? tools.files.contents(of: place.output, limit: 1 << 30) else { return BatchProgress() }
        return BatchProgress(running: Self.running(in: String(decoding: bytes, as: UTF8.self)))
    }

    /// `Test Case '-[AppTests.LoginTests testOut]' started.` without its end.
    static func running(in text: String) -> [String] {
        var open: String?
        for line in text.split(separator: "\n") where line.hasPrefix("Test Case '-[") {
            let rest = line.dropFirst(13)
            guard let end = rest.firstRange(of: "]' ") else { continue }
            let parts = rest[..<end.lowerBound].split(separator: " ")
            guard parts.count == 2 else { continue }
            let name = parts[0].split(separator: ".").joined(separator: "/") + "/" + parts[1]
            open = rest[end.upperBound...].hasPrefix("started") ? name : nil
        }
        return open.map { [$0] } ?? []
    }
}
