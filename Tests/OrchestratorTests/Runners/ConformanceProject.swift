import Artifacts
import CICore
import Synchronization
import SystemPackage
import TestHistory
import Testing

@testable import Orchestrator

/// One case's project, copied and prepared once, with the real machine around it.
final class ConformanceProject: Sendable {
    let runner: any TestRunner
    let scratch: ScratchDirectory
    let suite: Suite
    private let counter = Atomic<Int>(0)

    private init(
        _ runner: any TestRunner, _ template: ConformanceCase.SuiteTemplate, directory: String = "",
        fixture: String? = nil
    ) throws {
        self.runner = runner
        scratch = try ScratchDirectory()
        try LocalFileSystem().createDirectory(scratch.path.appending("scratch"))
        let root = scratch.path.appending("project")
        try LocalFileSystem().createDirectory(root.appending(directory))
        if let fixture { try Self.copy(Self.fixtures.appending(fixture), to: root) }
        suite = Suite(
            name: "s", runner: runner.id, workingDirectory: root.appending(directory), selection: template.selection,
            environment: template.environment, command: template.command)
    }

    /// A project of one test's own, made of these files.
    static func temporary(
        _ runner: any TestRunner, directory: String = "", files: [String: String],
        template: ConformanceCase.SuiteTemplate = .init()
    ) async throws -> ConformanceProject {
        let project = try ConformanceProject(runner, template, directory: directory)
        for (name, text) in files { try project.scratch.write(["project/" + name: text]) }
        return project
    }

    /// Writes an executable file.
    func script(_ name: String, _ text: String) throws {
        try scratch.write(["project/" + name: text])
        try ProcessFacts.makeExecutable(scratch.path.appending("project").appending(name))
    }

    // MARK: Shared projects

    private static let shared = Mutex<[String: Task<ConformanceProject, any Error>]>([:])

    /// The project of a case, made when it is first asked for; awaited by every check of the case.
    static func of(_ conformance: ConformanceCase) async throws -> ConformanceProject {
        let task = shared.withLock { shared in
            if let task = shared[conformance.fixture] { return task }
            let task = Task {
                let project = try ConformanceProject(
                    conformance.runner, conformance.suite, fixture: conformance.fixture)
                for command in conformance.preparation { try await project.prepare(command) }
                ProcessFacts.removeAtExit(project.scratch.path)
                return project
            }
            shared[conformance.fixture] = task
            return task
        }
        return try await task.value
    }

    /// A project of its own that is not prepared.
    static func broken(_ conformance: ConformanceCase, fixture: String) throws -> ConformanceProject {
        try ConformanceProject(conformance.runner, conformance.suite, fixture: fixture)
    }

    /// The projects of ours.
    static let fixtures = FilePath(#filePath).removingLastComponent().removingLastComponent().appending(
        "Fixtures/runners")

    private static func copy(_ source: FilePath, to target: FilePath) throws {
        let files = LocalFileSystem()
        try files.createDirectory(target)
        for entry in try files.entries(of: source) {
            let from = source.appending(entry.name)
            // Names that git or other tools take for their own are kept with an ending.
            let name = entry.name.hasSuffix(".fixture") ? String(entry.name.dropLast(8)) : entry.name
            if entry.kind == .directory {
                try copy(from, to: target.appending(name))
            } else {
                let to = target.appending(name)
                try files.write(try files.contents(of: from, limit: 16 << 20), to: to)
                if ProcessFacts.isExecutable(from) { try ProcessFacts.makeExecutable(to) }
            }
        }
    }

    private func prepare(_ command: [String]) async throws {
        let result = try await LocalProcesses().capture(
            ProcessCommand(command, environment: environment, workingDirectory: suite.workingDirectory),
            limit: 1 << 20, timeout: .seconds(300))
        guard result.exit.isSuccess else {
            throw RunnerError(
                code: .buildFailed, suite: suite.name,
                description: "\(command) ended with \(result.exit)", output: RunnerWords.tail(of: result))
        }
    }

    // MARK: The world

    /// What children start from.
    var environment: [String: String] {
        var result = ["LANG": "C.UTF-8", "TMPDIR": scratch.path.string]
        for name in ["PATH", "HOME"] { result[name] = ProcessFacts.variable(name) }
        return result
    }

    /// What runners keep from batch to batch.
    var cache: FilePath { scratch.path.appending("cache") }

    var tools: RunnerTools {
        RunnerTools(
            processes: LocalProcesses(), files: LocalFileSystem(), environment: environment,
            scratch: scratch.path.appending("scratch"), cache: cache, listingTimeout: .seconds(120))
    }

    /// Runs units as a run would, through the engine's own executor.
    func run(_ units: [TestUnit], timeout: Duration? = nil) async -> BatchReport {
        var suite = suite
        suite.policy.timeout = timeout ?? .seconds(120)
        let work = SuiteWork(suite: suite, runner: runner)
        let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
        let executor = BatchExecutor(
            suites: [work], silence: nil,
            world: .init(
                processes: LocalBatchProcesses(slots: 1, run: nil), tools: tools,
                environment: ChildEnvironment(inherited: environment, run: "conformance", slots: 1),
                directory: scratch.path.appending("batches")))
        let batch = QueuedBatch(
            id: BatchID("b\(number)"), suite: suite.name, units: units, estimate: .seconds(1))
        return await executor.execute(batch, slot: 0) { _ in }
    }

    /// Units by their selectors: as discovered, else cut from their containers.
    func units(_ expectation: ConformanceCase.Expectation) async throws -> [TestUnit] {
        let found = try await runner.discover(
            suite, granularity: expectation.granularity, using: tools
        ).units
        var units: [TestUnit] = []
        for selector in expectation.selectors {
            if let unit = found.first(where: { $0.selector == selector }) {
                units.append(unit)
            } else {
                // What a report told, as a retry gets it.
                units.append(
                    TestUnit(
                        suite: suite.name, selector: selector, granularity: .test,
                        container: found.first { selector.hasPrefix($0.container) }?.container, tests: [selector]))
            }
        }
        return units
    }
}

extension BatchReport {
    /// Outcomes by identifier.
    var outcomes: [String: Outcome] {
        Dictionary(tests.map { ($0.address.identifier, $0.test.outcome) }) { max($0, $1) }
    }
}
