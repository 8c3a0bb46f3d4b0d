package import Artifacts
package import CICore
import SystemPackage

/// `cargo test`: test programs are units, their tests can be selected. Everything is built once, by the listing.
package struct CargoRunner: TestRunner {
    package init() {}

    package var id: RunnerID { "cargo" }

    package var profile: RunnerProfile {
        RunnerProfile(
            title: "cargo test", support: .live, tool: CargoCommand.tool, finest: .test,
            costs: .init(start: .milliseconds(150), unit: .milliseconds(500), test: .milliseconds(10)))
    }

    package func proposals(in tree: SourceTree) -> [SuiteProposal] {
        CargoRunner.roots(in: tree).map { directory in
            SuiteProposal(
                runner: id, directory: directory,
                because: "\(directory.isEmpty ? "" : directory + "/")Cargo.toml is a package or workspace")
        }
    }

    /// The directories with a `Cargo.toml` and none above it: a workspace tests its members.
    static func roots(in tree: SourceTree) -> [String] {
        let manifests = tree.files.filter { $0 == "Cargo.toml" || $0.hasSuffix("/Cargo.toml") }
        let directories = manifests.map { String($0.dropLast("Cargo.toml".count)) }
        return directories.filter { directory in
            !directories.contains { $0 != directory && directory.hasPrefix($0) }
        }.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        var inventory = try await CargoListing(suite: suite, tools: tools).inventory()
        if granularity == .test { inventory.units = inventory.units.flatMap { $0.splitByKnownTests() } }
        return inventory
    }

    /// The starts of a batch: one for each program, more where the names of its tests outgrow a command line.
    private func starts(for units: [TestUnit]) -> [(program: String, tests: [String])] {
        var programs: [String] = []
        for unit in units where !programs.contains(unit.container) { programs.append(unit.container) }
        return programs.flatMap { program -> [(program: String, tests: [String])] in
            let units = units.filter { $0.container == program }
            if units.contains(where: { $0.granularity == .file }) { return [(program, [])] }
            let names = units.map { String($0.selector.dropFirst(program.utf8.count + 1)) }
            return ArgumentLimit.groups(of: names).map { (program, $0) }
        }
    }

    private func report(_ index: Int, in place: BatchPlace) -> FilePath {
        place.results.appending("libtest-\(index).jsonl")
    }

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let starts = starts(for: units)
        let runs = starts.enumerated().map { index, start in
            RunSeries.Run(
                CargoCommand(suite).one.arguments(
                    CargoCommand.runner + CargoTarget(start.program).arguments + [
                        "--", "-Z", "unstable-options", "--format", "json", "--report-time",
                    ] + (start.tests.isEmpty ? [] : ["--exact"] + start.tests)),
                output: report(index, in: place))
        }
        let series = RunSeries(runs: runs)
        return Invocation(
            series.arguments, standardInput: series.standardInput,
            reports: starts.enumerated().map { index, start in
                ExpectedReport(
                    report(index, in: place), format: .libtestJSON, container: start.program,
                    classPrefix: start.program + "#")
            })
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        let module = test.className.split(separator: "#", maxSplits: 1).dropFirst().first ?? ""
        let path = module.isEmpty ? test.name : "\(module)::\(test.name)"
        guard let program = test.expectedContainer, batch.units.contains(where: { $0.container == program }) else {
            return nil
        }
        return TestAddress(selector: "\(program)#\(path)", container: program)
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        let name = test.selector.dropFirst(test.container.utf8.count + 1)
        return CargoCommand(suite).one.arguments(
            CargoTarget(test.container).arguments + (name.isEmpty ? [] : ["--", "--exact", String(name)]))
    }

    /// 101 = tests failed, a program died, or nothing could be built.
    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        if let signal = exit.deathSignal { return .crashed("cargo was ended by signal \(signal)") }
        let tail = ending.outputTail
        if tail.contains("error: could not compile ") { return .buildFailed(RunnerWords.tail(of: tail)) }
        if let start = tail.firstRange(of: "process didn't exit successfully: ") {
            let line = tail[start.lowerBound...].prefix { $0 != "\n" }
            // A plain failure of tests is 101 too, and Cargo says then only that they failed.
            if !line.hasSuffix("(exit status: 101)") {
                return .crashed("a test program died: \(line.drop { $0 != "(" })")
            }
        }
        switch exit {
        case .exited(0): return ending.reported == 0 ? .nothingCollected : .completed
        case .exited(101) where ending.failures > 0: return .completed
        default: return .misused(RunnerWords.tail(of: tail))
        }
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        var running: [String] = []
        for (index, start) in starts(for: batch.units).enumerated() {
            // A start that never came left no file: nothing of it had begun.
            guard let bytes = try? tools.files.contents(of: report(index, in: place), limit: 1 << 30) else { continue }
            running += Self.running(in: bytes).map { "\(start.program)#\($0)" }
        }
        return BatchProgress(running: running)
    }

    private static func running(in bytes: [UInt8]) -> [String] {
        var open: [String] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let json = line.withUnsafeBufferPointer({ JSONValue($0) }), json["type"]?.string == "test",
                let name = json["name"]?.string
            else { continue }
            switch json["event"]?.string {
            case "started": open.append(name)
            case "ok", "failed", "ignored": open.removeAll { $0 == name }
            default: break
            }
        }
        return open
    }
}
