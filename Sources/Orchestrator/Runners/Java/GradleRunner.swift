package import Artifacts
package import CICore
import SystemPackage

/// Gradle's test tasks: compiled once by the listing; an init script of ours filters and puts the reports into the
/// batch's directory.
package struct GradleRunner: TestRunner {
    package let id: RunnerID = "gradle"
    package let profile = RunnerProfile(
        title: "Gradle", support: .recorded,
        tool: RunnerProfile.Tool(executable: "gradle", debianPackages: ["gradle"]), finest: .test,
        costs: RunnerProfile.Costs(start: .seconds(4), unit: .milliseconds(500), test: .milliseconds(20)))
    private static let buildFiles: Set<String> = ["build.gradle", "build.gradle.kts"]
    private static let quitSignal: Int32 = 3

    package init() {}

    package func proposals(in tree: SourceTree) -> [SuiteProposal] {
        guard
            let file = ["build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"]
                .first(where: tree.exists)
        else { return [] }
        let wrapper = tree.exists("gradlew")
        return [
            SuiteProposal(
                runner: id, command: Suite.Command(run: wrapper ? .arguments(["./gradlew"]) : nil),
                because: "found \(file)" + (wrapper ? " and gradlew" : ""))
        ]
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        let command = RunnerCommand(suite, tool: profile.tool)
        _ = try await command.build(["--quiet", "--console=plain", "testClasses"], using: tools)
        let selection = JavaClassSelection(suite)
        var units: [TestUnit] = []
        for module in JavaModules(of: suite, markedBy: Self.buildFiles, using: tools).directories {
            let classes = suite.workingDirectory.appending(module).appending("build").appending("classes")
            let roots = ["java", "kotlin", "groovy", "scala"].map { classes.appending($0).appending("test") }
            let found = JavaTestClasses(below: roots, using: tools).testClasses()
            units += JavaUnits.units(
                of: selection.chosen(of: found), module: module, suite: suite, granularity: granularity)
        }
        return SuiteInventory(units: units, unmatched: selection.unmatched(by: units))
    }

    package func split(
        _ unit: TestUnit, of suite: Suite, into granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit] { JavaUnits.cut(unit, into: granularity) }

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let folder = place.results.appending("gradle")
        let script = SideFile(folder.appending("dtci.gradle"), contents: Array(GradleScript.source.utf8))
        let list = SideFile(folder.appending("tests.txt"), contents: Self.list(of: units))
        let modules = Set(units.map { JavaSelector($0.selector).module }).sorted()
        let arguments = RunnerCommand(suite, tool: profile.tool).arguments(
            [
                // A property, since a running daemon may not see our environment.
                "--console=plain", "--continue", "-Ddtci.place=\(folder.string)", "--init-script", script.path.string,
                // A build holds a lock on its cache: batches side by side have one each.
                "--project-cache-dir", place.temporary.appending("gradle").string,
            ] + modules.map(Self.task(of:)))
        return Invocation(
            arguments, sideFiles: [script, list],
            reports: modules.map { ExpectedReport(folder.appending(Self.folder($0)), isRequired: false) },
            dumpSignal: Self.quitSignal)
    }
    package func command(running test: TestAddress, of suite: Suite) -> [String]? {
        let selector = JavaSelector(test.selector)
        return RunnerCommand(suite, tool: profile.tool).arguments([
            Self.task(of: selector.module), "--tests",
            selector.className + (selector.methodName.map { ".\($0)" } ?? ""),
        ])
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        JavaUnits.address(className: test.className, name: test.name, in: batch)
    }

    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        let text = ending.outputTail
        let words = RunnerWords.tail(of: text)
        switch exit {
        case .signaled: return .crashed(words)
        case .exited(0): return ending.reported == 0 ? .nothingCollected : .completed
        case .exited(126), .exited(127): return .misused(words)
        case .exited where text.contains("finished with non-zero exit value"): return .crashed(words)
        case .exited(1) where ending.failures > 0: return .completed
        case .exited(1) where text.contains("Compilation failed") || text.contains("Compilation error"):
            return .buildFailed(words)
        case .exited(1)
        where text.contains("Unknown command-line option") || text.contains("not found in root project"):
            return .misused(words)
        case .exited(1) where ending.reported == 0: return .buildFailed(words)
        case .exited: return .crashed(words)
        }
    }

    /// One line a filter: the module, a tab, the pattern.
    private static func list(of units: [TestUnit]) -> [UInt8] {
        var text = ""
        for unit in units {
            let selector = JavaSelector(unit.selector)
            if let method = selector.methodName {
                text += "\(selector.module)\t\(selector.className).\(method)\n"
                text += "\(selector.module)\t\(selector.className).\(method)[*]\n"
            } else {
                text += "\(selector.module)\t\(selector.className)\n\(selector.module)\t\(selector.className)$*\n"
            }
        }
        return Array(text.utf8)
    }

    /// A module's directory as Gradle's path of its task: `core/api` → `:core:api:test`.
    private static func task(of module: String) -> String {
        module.isEmpty ? ":test" : ":\(module.split(separator: "/").joined(separator: ":")):test"
    }

    private static func folder(_ module: String) -> String {
        "reports-" + (module.isEmpty ? "root" : module.split(separator: "/").joined(separator: "-"))
    }
}
