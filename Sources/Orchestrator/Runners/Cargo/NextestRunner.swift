package import Artifacts
package import CICore
import SystemPackage

/// `cargo nextest`: a process for each test, so that a crash is one test's; groups of tests stay together.
package struct NextestRunner: TestRunner {
    private static let tool = RunnerProfile.Tool(
        executable: "cargo-nextest", debianPackages: [], hint: "cargo install cargo-nextest --locked")

    package init() {}

    package var id: RunnerID { "cargo-nextest" }

    package var profile: RunnerProfile {
        RunnerProfile(
            title: "cargo-nextest", support: .recorded, tool: Self.tool, finest: .test,
            costs: .init(start: .milliseconds(300), unit: .milliseconds(500), test: .milliseconds(20)))
    }

    package func proposals(in tree: SourceTree) -> [SuiteProposal] {
        // Who configured nextest wants it; without that, the plain runner is proposed.
        CargoRunner.roots(in: tree).filter { tree.exists("\($0.isEmpty ? "" : $0 + "/").config/nextest.toml") }.map {
            SuiteProposal(
                runner: id, directory: $0, because: ".config/nextest.toml configures cargo-nextest")
        }
    }

    private func command(_ suite: Suite) -> RunnerCommand {
        RunnerCommand(suite, tool: Self.tool, executable: ["cargo", "nextest"])
    }

    // MARK: Finding

    package func question(about suite: Suite) -> ToolQuestion? {
        command(suite).question(absence: "cargo-nextest is not installed")
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        if suite.command.run == nil {
            try RunnerCommand(suite, tool: Self.tool).requireTool(using: tools)
        }
        let answer = try await command(suite).capture(
            ["list", "--message-format", "json"], accepting: [0, 101, 104], using: tools)
        guard answer.exit == .exited(0), let listing = NextestListing(answer.standardOutput) else {
            let isBuild = answer.exit == .exited(101)
            throw RunnerError(
                code: isBuild ? .buildFailed : .listingFailed, suite: suite.name,
                description: "suite \(suite.name): the tests \(isBuild ? "do not build" : "cannot be listed")",
                output: RunnerWords.tail(of: answer))
        }
        let configured = try await command(suite).capture(
            ["show-config", "test-groups"], accepting: Set(0...255), using: tools)
        let groups = configured.exit == .exited(0) ? NextestListing.groups(in: configured.text) : [:]
        return inventory(of: listing, groups: groups, suite: suite, granularity: granularity)
    }

    private func inventory(
        of listing: NextestListing, groups: [String: String], suite: Suite, granularity: Granularity
    ) -> SuiteInventory {
        let selection = suite.selection
        let include = selection.include.map { Glob($0) }
        let exclude = selection.exclude.map { Glob($0) }
        let isNamed = { (path: String, id: String) in path == id || id.hasPrefix(path + "::") }
        var inventory = SuiteInventory(units: [])
        for program in listing.programs {
            guard selection.paths.isEmpty || selection.paths.contains(where: { isNamed($0, program.id) }),
                include.isEmpty || include.contains(where: { $0.matches(program.id) }),
                !exclude.contains(where: { $0.matches(program.id) })
            else { continue }
            let tests = program.tests.map { "\(program.id)#\($0)" }
            var unit = TestUnit(suite: suite.name, selector: program.id, granularity: .file, tests: tests)
            // A program with tests of a group is bound as a whole.
            unit.constraints.bond = tests.lazy.compactMap { groups[$0] }.first.map { "nextest \($0)" }
            inventory.units += granularity == .test ? Self.cut(unit, groups) : [unit]
        }
        inventory.unmatched = selection.paths.filter { path in
            !listing.programs.contains { isNamed(path, $0.id) }
        }
        return inventory
    }

    private static func cut(_ unit: TestUnit, _ groups: [String: String]) -> [TestUnit] {
        (unit.tests ?? []).map { test in
            TestUnit(
                suite: unit.suite, selector: test, granularity: .test, container: unit.selector, tests: [test],
                constraints: .init(bond: groups[test].map { "nextest \($0)" }))
        }
    }

    package func split(
        _ unit: TestUnit, of suite: Suite, into granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit] {
        // Which of its tests are bound is known to the listing only: a bound program stays whole.
        granularity == .test && unit.constraints.bond == nil ? unit.splitByKnownTests() : [unit]
    }

    // MARK: Running

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let report = place.results.appending("nextest.xml")
        let configuration = place.results.appending("nextest.toml")
        // A tool's file comes below the project's own; an absolute path replaces nextest's store directory.
        let text = "[profile.default.junit]\npath = \(Self.quoted(report.string))\n"
        let arguments = command(suite).arguments(
            ["run", "--no-fail-fast", "--tool-config-file", "dt-ci:\(configuration)", "-E", Self.filter(for: units)])
        guard ArgumentLimit.allows(arguments) else {
            throw RunnerError(
                code: .badConfiguration, suite: suite.name,
                description: """
                    suite \(suite.name): \(units.count) units do not fit into one filter of nextest: \
                    set `units-per-batch` to \(max(1, units.count / 4)) or less
                    """)
        }
        return Invocation(
            arguments, sideFiles: [SideFile(configuration, contents: Array(text.utf8))],
            reports: [ExpectedReport(report)])
    }

    /// `binary_id(=one) + (binary_id(=one::it) & (test(=adds) + test(=adds_more)))`
    static func filter(for units: [TestUnit]) -> String {
        let programs = Dictionary(grouping: units, by: \.container).sorted { $0.key < $1.key }
        return programs.map { program, units in
            let binary = "binary_id(=\(escaped(program)))"
            if units.contains(where: { $0.granularity == .file }) { return binary }
            let tests = units.map { "test(=\(escaped(String($0.selector.dropFirst(program.count + 1)))))" }
            return "(\(binary) & (\(tests.joined(separator: " + "))))"
        }.joined(separator: " + ")
    }

    /// The escapes of nextest's filterset grammar.
    private static func escaped(_ name: String) -> String {
        var result = ""
        for character in name {
            if "\\/),".contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }

    /// A basic string of TOML.
    private static func quoted(_ text: String) -> String {
        var writer = JSONWriter()
        writer.value(text)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        let granularity: Granularity = test.selector == test.container ? .file : .test
        let unit = TestUnit(
            suite: suite.name, selector: test.selector, granularity: granularity, container: test.container)
        return command(suite).arguments(["run", "-E", Self.filter(for: [unit])])
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        // Nextest writes the program as the class and the whole path as the name.
        let program = test.className.isEmpty ? test.suitePath.last ?? "" : test.className
        let selector = "\(program)#\(test.name)"
        guard batch.holds(selector, in: program) else { return nil }
        return TestAddress(selector: selector, container: program)
    }

    /// `NextestExitCode` of nextest-metadata: 4 = no tests, 100 = tests failed, 101 = did not build, 104 = a program
    /// could not list its tests, 105 = a setup script failed.
    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        if let signal = exit.deathSignal { return .crashed("nextest was ended by signal \(signal)") }
        let words = RunnerWords.tail(of: ending.outputTail)
        switch exit {
        case .exited(0): return ending.reported == 0 ? .nothingCollected : .completed
        case .exited(4): return .nothingCollected
        case .exited(100): return ending.failures > 0 ? .completed : .crashed("nextest ended with \(exit)")
        case .exited(101): return .buildFailed(words)
        case .exited(104), .exited(105): return .collectionFailed(words)
        default: return .misused(words)
        }
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        // No output: nothing had begun.
        guard let bytes = try? tools.files.contents(of: place.output, limit: 1 << 30) else { return BatchProgress() }
        return BatchProgress(finished: Self.finished(in: String(decoding: bytes, as: UTF8.self)))
    }

    /// `        PASS [   0.004s] (1/3) one::it adds`; which tests are running nextest says only when it is asked.
    static func finished(in text: String) -> [ReportedTest] {
        text.split(separator: "\n").compactMap { line in
            guard let open = line.firstRange(of: " ["), let close = line.firstRange(of: "s] ") else { return nil }
            let status = line[..<open.lowerBound].drop { $0 == " " }
            let outcome: Outcome
            switch status {
            case "PASS", "LEAK": outcome = .passed
            case "FAIL", "TIMEOUT", "ABORT": outcome = .failed
            case _ where status.hasPrefix("SIG"): outcome = .failed
            default: return nil
            }
            guard open.upperBound <= close.lowerBound,
                let seconds = Double(line[open.upperBound..<close.lowerBound].drop { $0 == " " })
            else { return nil }
            var words = line[close.upperBound...].split(separator: " ")
            if words.first?.hasPrefix("(") == true {
                words.removeFirst(words.firstIndex { $0.hasSuffix(")") }.map { $0 + 1 } ?? 1)
            }
            guard words.count >= 2 else { return nil }
            return ReportedTest(
                className: String(words[0]), name: words[1...].joined(separator: " "),
                attempts: [
                    Attempt(
                        outcome: outcome, duration: .milliseconds(Int64(max(0, min(seconds, 1e9)) * 1000)),
                        reason: outcome == .passed ? nil : .init(message: String(status)))
                ])
        }
    }
}
