package import Artifacts
package import CICore
import SystemPackage

/// `dotnet test` with VSTest: built once by the listing, then run without building; results as TRX.
package struct DotNetRunner: TestRunner {
    package let id: RunnerID = "dotnet"
    package let profile = RunnerProfile(
        title: "dotnet test", support: .recorded,
        tool: RunnerProfile.Tool(
            executable: "dotnet", debianPackages: [],
            hint: "https://learn.microsoft.com/dotnet/core/install/linux-debian"),
        finest: .test, costs: RunnerProfile.Costs(start: .seconds(3), unit: .milliseconds(500), test: .milliseconds(20))
    )
    private static let filterLimit = 24 << 10
    private static let headline = "The following Tests are available:"

    package init() {}

    package func proposals(in tree: SourceTree) -> [SuiteProposal] {
        if let solution = tree.files.first(where: { $0.hasSuffix(".sln") || $0.hasSuffix(".slnx") }) {
            return [SuiteProposal(runner: id, paths: [solution], because: "found \(solution)")]
        }
        let projects = tree.files.filter { file in
            file.hasSuffix(".csproj") && (tree.text(of: file)?.contains("Microsoft.NET.Test.Sdk") ?? false)
        }
        guard let first = projects.first else { return [] }
        return [
            SuiteProposal(
                runner: id, paths: projects, because: "found Microsoft.NET.Test.Sdk in \(first)")
        ]
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        var names: [String] = []
        for project in projects(of: suite) {
            _ = try await command(of: suite).build(["build", "--nologo"] + project, using: tools)
            let listing = try await command(of: suite).capture(
                ["test"] + project + ["--list-tests", "--no-build", "--nologo"], adding: Self.plain, using: tools)
            names += Self.names(in: listing.text)
        }
        return SuiteInventory(units: units(of: names, suite: suite, granularity: granularity))
    }

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let terms = units.map { unit in
            unit.granularity == .test
                ? "FullyQualifiedName=\(Self.escaped(unit.selector))"
                : "FullyQualifiedName~\(Self.escaped(unit.selector))."
        }
        // Each project writes a file of its own behind the prefix.
        let options = [
            "--no-build", "--nologo", "--logger", "trx;LogFilePrefix=dtci", "--results-directory", place.results.string,
        ]
        let runs = projects(of: suite).flatMap { project in
            ArgumentLimit.groups(of: terms, limit: Self.filterLimit).map { group in
                ["test"] + project + options + ["--filter", group.joined(separator: "|")]
            }
        }
        let successive = SuccessiveRuns(command: command(of: suite).arguments([]), runs: runs)
        return Invocation(
            successive.arguments, environment: Self.plain, standardInput: successive.standardInput,
            reports: [ExpectedReport(place.results, format: .trx, isRequired: false)])
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        let isClass = test.selector == test.container
        let term =
            "FullyQualifiedName\(isClass ? "~" : "=")\(Self.escaped(String(test.selector.prefix { $0 != "(" })))\(isClass ? "." : "")"
        return command(of: suite).arguments(["test"] + (projects(of: suite).first ?? []) + ["--filter", term])
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        // NUnit and MSTest show rows as `Adds(1,2)`, xUnit.net as `Ns.CalcTests.Adds(a: 1)`.
        let name =
            test.name.hasPrefix(test.className + ".") ? test.name.dropFirst(test.className.count + 1) : test.name[...]
        let selector = "\(test.className).\(name.prefix { $0 != "(" })"
        guard batch.asksFor(selector, in: test.className) else { return nil }
        return TestAddress(selector: selector, container: test.className, identifier: "\(test.className).\(name)")
    }

    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        let text = ending.outputTail
        let words = RunnerWords.tail(of: text)
        switch exit {
        case .signaled: return .crashed(words)
        case .exited
        where text.contains("The active test run was aborted") || text.contains("Test host process crashed"):
            return .crashed(words)
        case .exited(0): return ending.reported == 0 ? .nothingCollected : .completed
        case .exited(126), .exited(127): return .misused(words)
        case .exited(1) where ending.failures > 0: return .completed
        case .exited(1) where text.contains("error CS") || text.contains("Build FAILED"): return .buildFailed(words)
        case .exited(1) where text.contains("MSBUILD : error MSB1"): return .misused(words)
        case .exited(1) where ending.reported == 0: return .collectionFailed(words)
        case .exited: return .crashed(words)
        }
    }

    /// The lines behind the headline, rows of a theory as one.
    static func names(in listing: String) -> [String] {
        var names: [String] = []
        var isList = false
        for line in listing.split(whereSeparator: \.isNewline) {
            if line.hasPrefix(headline) {
                isList = true
            } else if isList, line.hasPrefix("    ") {
                let name = String(line.dropFirst(4).prefix { $0 != "(" })
                if !name.isEmpty, names.last != name, !names.contains(name) { names.append(name) }
            } else if !line.hasPrefix(" ") {
                isList = false
            }
        }
        return names
    }

    private func units(of names: [String], suite: Suite, granularity: Granularity) -> [TestUnit] {
        let include = suite.selection.include.map(Glob.init)
        var order: [String] = []
        var tests: [String: [String]] = [:]
        for name in names {
            guard let dot = name.lastIndex(of: ".") else { continue }
            let container = String(name[..<dot])
            guard include.isEmpty || include.contains(where: { $0.matches(container) }) else { continue }
            if tests[container] == nil { order.append(container) }
            tests[container, default: []].append(name)
        }
        let units = order.map {
            TestUnit(suite: suite.name, selector: $0, granularity: .class, tests: tests[$0])
        }
        return granularity == .test ? units.flatMap { $0.splitByKnownTests() } : units
    }

    /// Projects or solutions; one empty list where `dotnet` finds its own.
    private func projects(of suite: Suite) -> [[String]] {
        suite.selection.paths.isEmpty ? [[]] : suite.selection.paths.map { [$0] }
    }

    private func command(of suite: Suite) -> RunnerCommand { RunnerCommand(suite, tool: profile.tool) }

    /// English words, without a banner.
    private static let plain = [
        "DOTNET_CLI_UI_LANGUAGE": "en", "DOTNET_NOLOGO": "1", "DOTNET_CLI_TELEMETRY_OPTOUT": "1",
    ]

    /// VSTest's filter escapes its own operators with a backslash, and the commas of generic types as in addresses
    /// (Microsoft's "TestCase filter").
    private static func escaped(_ name: String) -> String {
        var result = ""
        for character in name {
            if "\\()&|=!~".contains(character) { result.append("\\") }
            result += character == "," ? "%2C" : String(character)
        }
        return result
    }
}
