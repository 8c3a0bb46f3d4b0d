package import Artifacts
package import CICore
import SystemPackage

/// `swift test`: XCTest classes and Swift Testing suites are units, each test can be selected.
///
/// The package is built once, by the listing. Batches start the test program itself: once for each module with XCTest
/// tests, whose log names no module, and once for Swift Testing.
package struct SwiftRunner: TestRunner {
    package init() {}

    package var id: RunnerID { "swift" }

    package var profile: RunnerProfile {
        RunnerProfile(
            title: "swift test", support: .live, tool: SwiftPackage.tool, finest: .test,
            costs: .init(start: .milliseconds(30), unit: .milliseconds(100), test: .milliseconds(10)))
    }

    package func proposals(in tree: SourceTree) -> [SuiteProposal] {
        let manifests = tree.files.filter { $0 == "Package.swift" || $0.hasSuffix("/Package.swift") }
        let directories = manifests.map { String($0.dropLast("Package.swift".count)) }
        return directories.filter { directory in
            tree.files.contains { $0.hasPrefix(directory + "Tests/") && $0.hasSuffix(".swift") }
                // A package within another one's tests is a fixture of these.
                && !directories.contains { $0 != directory && directory.hasPrefix($0 + "Tests/") }
        }.map { directory in
            SuiteProposal(
                runner: id, directory: directory.hasSuffix("/") ? String(directory.dropLast()) : directory,
                because: "\(directory)Package.swift has tests in \(directory)Tests")
        }
    }

    package func question(about suite: Suite) -> ToolQuestion? {
        SwiftPackage(suite).question
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        try await SwiftInventory(suite: suite, tools: tools).discover(granularity)
    }

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let starts = SwiftStarts(units: units, place: place)
        let series = RunSeries(runs: starts.all.map { $0.run(of: suite) })
        // The runtime answers SIGQUIT with the stacks of all threads where SWIFT_BACKTRACE allows, and goes on.
        return Invocation(
            series.arguments, standardInput: series.standardInput, reports: starts.all.map(\.report), dumpSignal: 3)
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        guard let selector = Self.selector(of: test) else { return nil }
        guard let unit = batch.units.first(where: { $0.selector == selector || $0.tests?.contains(selector) == true })
        else { return nil }
        return TestAddress(selector: selector, container: unit.container)
    }

    private static func selector(of test: ReportedTest) -> String? {
        if test.expectedContainer != nil { return "\(test.className)/\(test.name)" }
        guard let module = test.suitePath.first else { return nil }
        let suites = test.suitePath.dropFirst()
        return "\(module).\((suites + [test.name]).joined(separator: "/"))"
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        let name = SwiftTestName(text: test.identifier)
        let filter = name.isSwiftTesting ? name.testFilter : "^\(CommandLineText.regexEscaped(name.text))$"
        let (command, arguments) = SwiftPackage(suite).command(["test"])
        return command.arguments(arguments + ["--filter", filter])
    }

    /// 1 = tests failed; 69 = Swift Testing found nothing to run.
    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        if let signal = exit.deathSignal { return .crashed("the test program was ended by signal \(signal)") }
        switch exit {
        case .exited(0), .exited(69): return ending.reported == 0 ? .nothingCollected : .completed
        case .exited(1) where ending.failures > 0: return .completed
        case .exited(126), .exited(127): return .misused(RunnerWords.tail(of: ending.outputTail))
        default: return .crashed("the test program ended with \(exit)")
        }
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        var running: [String] = []
        for start in SwiftStarts(units: batch.units, place: place).all {
            // A start that never came left no file: nothing of it had begun.
            guard let bytes = try? tools.files.contents(of: start.report.path, limit: 1 << 30) else { continue }
            running += start.running(in: bytes)
        }
        return BatchProgress(running: running)
    }
}
