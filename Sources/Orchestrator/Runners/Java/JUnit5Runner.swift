package import Artifacts
package import CICore
import SystemPackage

/// The JUnit Platform's console launcher, for classes that something else has compiled.
///
/// The suite's paths are directories of the class path that hold test classes. The console of 1.9 has no listing, so
/// the class files are read; what ran when a JVM died comes from `--details=verbose`.
package struct JUnit5Runner: TestRunner {
    package let id: RunnerID = "junit5"
    package let profile = RunnerProfile(
        title: "JUnit 5 console", support: .live,
        tool: RunnerProfile.Tool(executable: "java", debianPackages: ["default-jre-headless", "junit5"]), finest: .test,
        costs: RunnerProfile.Costs(start: .milliseconds(650), unit: .milliseconds(500), test: .milliseconds(20)))
    private static let defaultRoots = ["build/classes/java/test", "target/test-classes", "test-classes", "classes"]
    private static let libraries: FilePath = "/usr/share/java"
    private static let quitSignal: Int32 = 3

    package init() {}

    /// Older consoles know no `--version`.
    package func question(about suite: Suite) -> ToolQuestion? {
        command(of: suite).question(
            ["--help"], proof: "the console launcher starts",
            absence: "the console launcher of JUnit is not installed")
    }

    package func discover(
        _ suite: Suite, granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> SuiteInventory {
        let command = command(of: suite)
        try command.requireTool(using: tools)
        if suite.command.run == nil, !tools.files.exists(Self.libraries.appending("junit-platform-console.jar")) {
            throw command.missing("the JUnit Platform console (\(Self.libraries)/junit-platform-console.jar)")
        }
        let roots = roots(of: suite)
        let present = roots.filter { tools.files.kind(of: suite.workingDirectory.appending($0)) == .directory }
        let classes = JavaTestClasses(below: present.map { suite.workingDirectory.appending($0) }, using: tools)
        let selection = JavaClassSelection(suite)
        let units = JavaUnits.units(
            of: selection.chosen(of: classes.testClasses()), suite: suite, granularity: granularity)
        return SuiteInventory(
            units: units,
            unmatched: suite.selection.paths.filter { !present.contains($0) } + selection.unmatched(by: units))
    }

    package func split(
        _ unit: TestUnit, of suite: Suite, into granularity: Granularity, using tools: RunnerTools
    ) async throws(RunnerError) -> [TestUnit] { JavaUnits.cut(unit, into: granularity) }

    package func invocation(
        for units: [TestUnit], of suite: Suite, in place: BatchPlace
    ) throws(RunnerError) -> Invocation {
        let options = [
            "--disable-banner", "--disable-ansi-colors", "--details=verbose", "--details-theme=ascii",
            "--reports-dir=\(place.results.string)", "--fail-if-no-tests",
        ]
        let paths = roots(of: suite).map { "--class-path=\(suite.workingDirectory.appending($0).string)" }
        let selectors = units.map { unit in
            unit.granularity == .test ? "--select-method=\(unit.selector)" : "--select-class=\(unit.selector)"
        }
        var arguments = command(of: suite).arguments(options + paths + selectors)
        var sideFiles: [SideFile] = []
        if !ArgumentLimit.allows(arguments) {
            let list = SideFile(place.results.appending("selectors.args"), contents: Self.argumentFile(selectors))
            arguments = command(of: suite).arguments(options + paths + ["@\(list.path.string)"])
            sideFiles = [list]
        }
        return Invocation(
            arguments, sideFiles: sideFiles, reports: [ExpectedReport(place.results)], dumpSignal: Self.quitSignal)
    }

    package func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        JavaUnits.address(className: test.className, name: test.name, in: batch)
    }

    package func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        let words = RunnerWords.tail(of: ending.outputTail)
        switch exit {
        case .exited(0): return .completed
        case .exited(1) where ending.reported > 0: return .completed
        case .exited(2): return .nothingCollected
        case .exited(126), .exited(127): return .misused(words)
        case .exited
        where ending.outputTail.contains("Usage: ConsoleLauncher")
            || ending.outputTail.contains("failed to discover tests"):
            return ending.outputTail.contains("failed to discover tests") ? .collectionFailed(words) : .misused(words)
        case .exited(1) where ending.outputTail.contains("Could not find or load main class"): return .misused(words)
        default: return .crashed(words)
        }
    }

    package func progress(in place: BatchPlace, batch: BatchScope, using tools: RunnerTools) -> BatchProgress {
        // Without its output nothing is known to have begun.
        guard let bytes = try? tools.files.contents(of: place.output, limit: 1 << 30) else { return BatchProgress() }
        let details = JUnitConsoleDetails(String(decoding: bytes, as: UTF8.self))
        return BatchProgress(
            finished: details.finished,
            running: details.running.compactMap { address(of: $0, in: batch)?.selector })
    }

    private func roots(of suite: Suite) -> [String] {
        suite.selection.paths.isEmpty ? Self.defaultRoots : suite.selection.paths
    }

    /// Debian's console does not name all of its engines in its own class path.
    private func command(of suite: Suite) -> RunnerCommand {
        let jars = [
            "junit-platform-console", "junit-platform-commons", "junit-platform-engine", "junit-platform-launcher",
            "junit-platform-reporting", "junit-platform-suite-api", "junit-platform-suite-commons",
            "junit-platform-suite-engine", "junit-jupiter-api", "junit-jupiter-engine", "junit-jupiter-params",
            "junit-jupiter-migrationsupport", "junit-vintage-engine", "opentest4j", "apiguardian-api", "picocli",
            "univocity-parsers", "junit4", "hamcrest-core",
        ]
        let paths =
            jars.map { Self.libraries.appending("\($0).jar").string }
            + [suite.environment["CLASSPATH"]].compactMap { $0 }
        return RunnerCommand(
            suite, tool: profile.tool,
            executable: [
                "java", "-cp", paths.joined(separator: ":"), "org.junit.platform.console.ConsoleLauncher",
            ])
    }

    /// One quoted word a line: outside of quotes a `#` would begin a comment (picocli's argument files).
    private static func argumentFile(_ words: [String]) -> [UInt8] {
        Array(words.map { "\"\($0)\"\n" }.joined().utf8)
    }
}
