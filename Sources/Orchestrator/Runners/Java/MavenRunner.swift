package import Artifacts
package import CICore
import SystemPackage

/// Maven with Surefire: built once by the listing, then Surefire's goal alone for each batch, so that batches side by
/// side never compile into one directory.
///
/// Surefire has no option for where its reports go: each batch gives its files a suffix of its own and moves them.
package struct MavenRunner: TestRunner {
    package let id: RunnerID = "maven"
    package let profile = RunnerProfile(
        title: "Maven Surefire", support: .live,
        tool: RunnerProfile.Tool(
            executable: "mvn",
            debianPackages: [
                "maven", "default-jdk-headless", "libsurefire-java", "libmaven-compiler-plugin-java",
                "libmaven-resources-plugin-java",
            ]), finest: .test,
        costs: RunnerProfile.Costs(start: .milliseconds(1500), unit: .milliseconds(500), test: .milliseconds(20)))
    /// Surefire's own, but for what it leaves out: nested classes.
    private static let defaults = ["**/Test*", "**/*Test", "**/*Tests", "**/*TestCase"]
    private static let filterLimit = 64 << 10
    private static let quitSignal: Int32 = 3

    /// Removes what an earlier run left under the same suffix, runs, moves the reports. The trap keeps the shell alive
    /// when the group is ended, so that the reports of finished classes still arrive.
    private static let script = """
        suffix=$1
        place=$2
        shift 2
        reports() { find . -type f -path '*/surefire-reports/*' -name "*-$suffix-*.*" "$@"; }
        reports -exec rm -f {} +
        trap : TERM INT
        "$@"
        code=$?
        reports -name '*.xml' -exec mv -f {} "$place/" \\;
        reports -exec rm -f {} +
        exit "$code"
        """

    package init() {}

    package func proposals(in tree: SourceTree) -> [SuiteProposal] {
        guard tree.exists("pom.xml") else { return [] }
        let wrapper = tree.exists("mvnw")
        return [
            SuiteProposal(
                runner: id, command: Suite.Command(run: wrapper ? .arguments(["./mvnw"]) : nil),
                because: wrapper ? "found pom.xml and mvnw" : "found pom.xml")
        ]
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        _ = try await RunnerCommand(suite, tool: profile.tool).build(
            ["-B", "-q", "-Dstyle.color=never", "test-compile"], using: tools)
        let selection = JavaClassSelection(suite, defaults: Self.defaults)
        var units: [TestUnit] = []
        for module in JavaModules(of: suite, markedBy: ["pom.xml"], using: tools).directories {
            let root = suite.workingDirectory.appending(module).appending("target").appending("test-classes")
            let classes = JavaTestClasses(below: [root], using: tools).testClasses()
            units += JavaUnits.units(
                of: selection.chosen(of: classes.filter { !$0.name.contains("$") }), module: module, suite: suite,
                granularity: granularity)
        }
        return SuiteInventory(units: units, unmatched: selection.unmatched(by: units))
    }

    package func split(
        _ unit: TestUnit, of suite: Suite, into granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit] { JavaUnits.cut(unit, into: granularity) }

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let suffix = Self.suffix(of: place)
        var command = RunnerCommand(suite, tool: profile.tool).arguments([
            "-B", "-Dstyle.color=never", "-DfailIfNoTests=false", "-Dsurefire.failIfNoSpecifiedTests=false",
        ])
        let modules = Set(units.map { JavaSelector($0.selector).module }).sorted()
        if modules == [""] {
            command += ["surefire:test@default-test"]
        } else {
            // With the phase Maven lets modules see each other's classes; nothing is compiled again.
            command += [
                "--fail-at-end", "-Dmaven.main.skip=true", "--also-make", "--projects",
                modules.map { $0.isEmpty ? "." : $0 }.joined(separator: ","), "compile", "surefire:test@default-test",
            ]
        }
        let groups = ArgumentLimit.groups(of: Self.patterns(for: units), limit: Self.filterLimit)
        let runs = SuccessiveRuns(
            command: command,
            runs: groups.enumerated().map { index, group in
                // A class with very many methods takes part in several starts.
                ["-Dsurefire.reportNameSuffix=\(suffix)-\(index)", "-Dtest=\(group.joined(separator: ","))"]
            })
        return Invocation(
            ["bash", "-c", Self.script, "bash", suffix, place.results.string] + runs.arguments,
            standardInput: runs.standardInput, reports: [ExpectedReport(place.results, isRequired: false)],
            dumpSignal: Self.quitSignal)
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        let selector = JavaSelector(test.selector)
        let place = selector.module.isEmpty ? [] : ["--projects", selector.module, "--also-make"]
        return RunnerCommand(suite, tool: profile.tool).arguments(
            ["test"] + place + [
                "-Dtest=\(selector.className)" + (selector.methodName.map { "#\($0)" } ?? ""),
                "-Dsurefire.failIfNoSpecifiedTests=false",
            ])
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        // Surefire puts the suffix behind the class as well: `demo.CalcTest(dtci-7)`.
        let className = test.className.firstRange(of: "(\(Self.suffixMark)").map { test.className[..<$0.lowerBound] }
        return JavaUnits.address(className: String(className ?? test.className[...]), name: test.name, in: batch)
    }

    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        let text = ending.outputTail
        let words = RunnerWords.tail(of: text)
        switch exit {
        case .signaled: return .crashed(words)
        case .exited(0): return ending.reported == 0 ? .nothingCollected : .completed
        case .exited(126), .exited(127): return .misused(words)
        case .exited where text.contains("The forked VM terminated") || text.contains("Crashed tests:"):
            return .crashed(words)
        case .exited(1) where ending.failures > 0: return .completed
        case .exited(1) where text.contains("COMPILATION ERROR"): return .buildFailed(words)
        case .exited(1) where text.contains("No tests were executed"): return .nothingCollected
        case .exited(1) where text.contains("BUILD FAILURE"): return .buildFailed(words)
        case .exited(1) where text.contains("[ERROR]") && ending.reported == 0: return .misused(words)
        case .exited: return .crashed(words)
        }
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        // Without its output nothing is known to have begun.
        guard let text = try? tools.files.text(of: place.output) else { return BatchProgress() }
        var running: String?
        for line in text.split(separator: "\n") {
            if let start = line.firstRange(of: "] Running ") {
                running = String(line[start.upperBound...])
            } else if line.contains("Tests run: "), line.contains(" in ") {
                running = nil
            }
        }
        guard let running else { return BatchProgress() }
        let selectors = batch.units.filter { JavaSelector($0.selector).className == running }.map(\.selector)
        return BatchProgress(running: selectors)
    }

    private static let suffixMark = "dtci-"

    /// The batch's own directory names it; only what is safe in a file's name.
    private static func suffix(of place: BatchPlace) -> String {
        let name = place.results.removingLastComponent().lastComponent?.string ?? ""
        return suffixMark + name.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }

    /// `demo.CalcTest`, or `demo.CalcTest#adds+rows` with every method asked for; rows of JUnit 4 stand in brackets.
    private static func patterns(for units: [TestUnit]) -> [String] {
        var order: [String] = []
        var methods: [String: [String]] = [:]
        for unit in units {
            let selector = JavaSelector(unit.selector)
            if methods[selector.className] == nil { order.append(selector.className) }
            methods[selector.className, default: []] += selector.methodName.map { [$0, "\($0)[*]"] } ?? []
        }
        return order.flatMap { name in
            guard let wanted = methods[name], !wanted.isEmpty else { return [name] }
            return ArgumentLimit.groups(of: wanted, limit: filterLimit / 2).map {
                "\(name)#\($0.joined(separator: "+"))"
            }
        }
    }
}
