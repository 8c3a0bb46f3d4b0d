import Artifacts
import CICore
import Orchestrator
import Reporting
import TestHistory

/// What a run's results are seen against: the code they are of, and an earlier run.
struct RunPast {
    let configuration: Configuration
    let surroundings: Surroundings
    /// `nil` where nothing is published.
    let publication: RunPublication?
    /// `nil` where no place remembers anything.
    var memory: RunMemory?

    private var context: BuildContext? { publication?.context }

    /// What code was tested: the CI service knows the branch of a detached checkout, and the head of a test merge.
    func source() async -> HistoricalRun.Source {
        var source = await WorkingCopy(root: configuration.root, environment: surroundings.environment).source()
        guard let build = context?.source else { return source }
        source.branch = build.branch ?? source.branch
        if source.commit != nil { source.commit = build.commit ?? source.commit }
        return source
    }

    /// Says what is different from an earlier run; asked before this run is in the history itself.
    ///
    /// `tests` are all of the run's where the results hold only those that are shown.
    func compare(
        _ results: inout RunResults, tests: SpooledTests? = nil, with history: (any HistoryStore)?,
        _ source: HistoricalRun.Source, isWhole: Bool
    ) async {
        let search = BaselineSearch(
            choice: configuration.storage.baseline, surroundings: surroundings, root: configuration.root)
        switch await search.find(in: history, source: source, memory: memory, publication: publication) {
        case .baseline(let baseline):
            let isWhole = isWhole && results.completeness?.lost.isEmpty ?? true
            results.comparison =
                tests.map { Comparison(of: $0, with: baseline, isWhole: isWhole) }
                ?? Comparison(of: results, with: baseline, isWhole: isWhole)
        case .none(let reason):
            if configuration.storage.baseline != .none { results.missingBaseline = reason }
        }
    }

    /// Says of the tests that need a person how they went before, how each is run alone and who answers for it; asked
    /// before this run is in the history itself.
    func describe(_ results: inout RunResults, from history: (any HistoryStore)?) {
        let new = results.comparison?.newFailures ?? []
        let failed = results.failures
        let shown = failed.filter { new.contains($0.id) } + failed.filter { !new.contains($0.id) } + results.flaky
        let tests = shown.prefix(Self.described)
        // A history that cannot be read is told where it is written.
        let past = (try? history?.pastOutcomes(of: tests.map(\.id), limit: Self.runs)) ?? [:]
        let own = OwnCommand(configuration)
        let owners = tests.isEmpty ? nil : testOwners()
        for (place, test) in tests.enumerated() {
            let command = place < Self.commands ? own.line(for: test) : nil
            let background = TestBackground(
                past: past[test.id] ?? [], command: command,
                owners: Array((owners?.owners(of: test) ?? []).prefix(Self.owners)))
            if background != TestBackground() { results.background[test.id] = background }
        }
    }

    /// Leaves what the run came to for later ones; sentences about what stands in the way.
    func remember(_ results: RunResults, in directory: RunDirectory) async -> [String] {
        guard let memory, let code = results.verdict?.exitCode, [.passed, .testsFailed, .onlyFlaky].contains(code),
            results.completeness?.lost.isEmpty == true
        else { return [] }
        return await memory.keep(directory.state)
    }

    /// `nil` where nobody is to be named, or no file says who.
    private func testOwners() -> TestOwners? {
        guard configuration.reporting.report.owners != .off,
            let owners = CodeOwners.find(around: configuration.root, files: surroundings.files)
        else { return nil }
        return TestOwners(
            owners, suites: configuration.suites,
            tree: SourceTree(scanning: configuration.root, with: surroundings.files))
    }

    /// More than that nobody reads one by one.
    private static let described = 200
    private static let commands = 50
    /// Of one test.
    private static let owners = 20
    /// Runs whose outcomes are shown.
    private static let runs = 10
}
