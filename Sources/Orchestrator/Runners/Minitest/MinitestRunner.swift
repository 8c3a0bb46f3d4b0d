package import Artifacts
package import CICore
import SystemPackage

/// minitest: test files by glob, started with `ruby` or the user's command (`bin/rails test`), results from a plugin of
/// ours that minitest finds on the load path.
///
/// A test's selector is `test/calc_test.rb::CalcTest#test_adds`; minitest filters on what stands behind the `::`.
package struct MinitestRunner: TestRunner {
    package let id: RunnerID = "minitest"
    package let profile = RunnerProfile(
        title: "minitest", support: .recorded,
        tool: RunnerProfile.Tool(executable: "ruby", debianPackages: ["ruby", "ruby-minitest"]), finest: .file,
        costs: RunnerProfile.Costs(start: .milliseconds(200), unit: .milliseconds(500), test: .milliseconds(50)),
        knowsTestsById: true)
    private static let separator = "::"
    /// Loads the files in front of the options; minitest runs what they define when Ruby ends.
    private static let loader =
        #"require "minitest/autorun"; "#
        + #"require File.expand_path(ARGV.shift) while ARGV.first && !ARGV.first.start_with?("-")"#

    package init() {}

    package func proposals(in tree: SourceTree) -> [SuiteProposal] {
        let files = tree.files.filter { file in
            file.hasPrefix("test/") && file.hasSuffix(".rb") && (file.hasSuffix("_test.rb") || file.contains("/test_"))
        }
        let hasBuild = ["Rakefile", "Gemfile", "bin/rails"].contains(where: tree.exists)
        guard hasBuild, !files.isEmpty else { return [] }
        let rails = tree.exists("bin/rails")
        return [
            SuiteProposal(
                runner: id,
                command: Suite.Command(run: rails ? .arguments(["bin/rails", "test"]) : nil),
                because: "found \(files.count) test files in test/" + (rails ? " and bin/rails" : ""))
        ]
    }

    package func question(about suite: Suite) -> ToolQuestion? {
        RunnerCommand(suite, tool: profile.tool, executable: ["ruby"])
            .question(
                ["-rminitest", "-e", "puts %q(minitest ) + Minitest::VERSION"],
                absence: "the gem minitest is not installed")
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        try command(of: suite).requireTool(using: tools)
        return GlobListing(suite, defaults: ["test/**/*_test.rb", "test/**/test_*.rb"]).inventory(using: tools)
    }

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let events = EventReporting(in: place)
        let reporter = events.reporter("dtci_minitest.rb", source: MinitestReporter.source, searchedBy: "RUBYLIB")
        let plugin = events.reporter("minitest/dtci_plugin.rb", source: "require \"dtci_minitest\"\n")
        var runs = ArgumentLimit.groups(of: units.filter { $0.granularity < .test }.map(\.container))
        runs += TestsByFile(units, separator: Self.separator).runs { file, names in
            let filter = names.map(CommandLineText.regexEscaped).joined(separator: "|")
            return [file, "--name", "/\\A(?:\(filter))\\z/"]
        }
        let successive = SuccessiveRuns(command: command(of: suite).arguments([]), runs: runs)
        return Invocation(
            successive.arguments, environment: events.environment, standardInput: successive.standardInput,
            sideFiles: [reporter, plugin], reports: [events.report])
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        let name = String(test.selector.dropFirst(test.container.count + Self.separator.count))
        let filter = "/\\A\(CommandLineText.regexEscaped(name))\\z/"
        return RunnerCommand(suite, tool: profile.tool, executable: ["ruby", "-Ilib:test"])
            .arguments([test.container] + (name.isEmpty ? [] : ["--name", filter]))
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        guard let name = test.eventSelector else { return nil }
        let containers = Set(batch.units.map(\.container))
        // Without a file that is one of ours, as for inherited tests of anonymous classes, a single one will do.
        let file =
            test.location.map(\.file).flatMap { containers.contains($0) ? $0 : nil }
            ?? (containers.count == 1 ? containers.first : nil)
        guard let file else { return nil }
        let selector = file + Self.separator + name
        return batch.asksFor(selector, in: file) ? TestAddress(selector: selector, container: file) : nil
    }

    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        let words = RunnerWords.tail(of: ending.outputTail)
        switch exit {
        case .signaled: return .crashed(words)
        case .exited(0): return ending.reported == 0 ? .nothingCollected : .completed
        case .exited(126), .exited(127): return .misused(words)
        case .exited(1) where ending.reported > 0: return .completed
        case .exited(1): return ending.outputTail.contains("# Running:") ? .crashed(words) : .collectionFailed(words)
        case .exited: return .crashed(words)
        }
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        var progress = EventReporting(in: place).progress(using: tools)
        progress.running = progress.running.compactMap { name in
            let owners = batch.units.filter { $0.granularity < .test || $0.selector.hasSuffix(Self.separator + name) }
            return owners.count == 1 ? owners[0].container + Self.separator + name : nil
        }
        return progress
    }

    private func command(of suite: Suite) -> RunnerCommand {
        RunnerCommand(
            suite, tool: profile.tool, executable: ["ruby", "-Ilib:test", "-e", Self.loader, "--"])
    }
}
