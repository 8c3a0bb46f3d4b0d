import Artifacts
import CICore
import CIProviders
import Orchestrator
import Reporting
import SystemPackage

import struct FoundationEssentials.Date

/// One `dt-ci merge`: finds the bundles, joins them, and leaves, publishes and remembers the results as `dt-ci run` does.
struct MergeSession {
    /// What the user wants to see.
    struct Display {
        var isJSON: Bool
        var isQuiet: Bool
    }

    let configuration: Configuration
    let surroundings: Surroundings
    /// Where bundles are looked for; empty = among the results.
    let places: [FilePath]
    /// The place of artifacts that bundles are fetched from.
    let origin: String?
    /// How many nodes there are, where no bundle says it.
    let expected: Int?
    let display: Display

    /// Joins to the verdict.
    ///
    /// Throws `FileError` if not even a temporary directory takes the results.
    func run() async throws -> ExitCode {
        let directory = try resultsDirectory()
        let publication = await RunPublication.begin(
            configuration, in: surroundings, start: Int(Date().timeIntervalSince1970), scope: .merged,
            console: console)
        var merged = await merged(in: directory)
        let keeper = MergeKeeper(
            directory: directory, configuration: configuration,
            past: RunPast(
                configuration: configuration, surroundings: surroundings, publication: publication,
                memory: await RunMemory(configuration, in: surroundings, publication?.context)))
        var trouble = await keeper.keep(&merged)
        let badges = merged.lesson.isWhole ? badgeSet.write(merged.results) : .init()
        trouble += badges.trouble
        say(merged.notes.map { "note: \(SafeText.line($0, limit: 1000))\n" }.joined(), unlessQuiet: true)
        say(trouble.map { "warning: \(SafeText.line($0))\n" }.joined())
        try show(merged)
        let code = merged.results.verdict?.exitCode ?? .infrastructure
        return await publish(
            merged.results, isWhole: merged.lesson.isComplete, badges: badges.badges, in: directory.root,
            to: publication)
            ? code : code == .passed ? .infrastructure : code
    }

    private var badgeSet: BadgeSet {
        BadgeSet(settings: configuration.reporting.badges, root: configuration.root, files: surroundings.files)
    }

    /// With `--json` standard output is for the document alone.
    private var console: FileDescriptor { display.isJSON ? .standardError : .standardOutput }

    private func resultsDirectory() throws(FileError) -> RunDirectory {
        let place = ResultsPlace(configured: configuration.storage.results, surroundings: surroundings)
        do throws(FileError) {
            let directory = RunDirectory(
                root: place.configured, run: RunID.drawn(at: Date()), files: surroundings.files)
            try directory.createRoot()
            try surroundings.files.remove(directory.attachments)
            return directory
        } catch {
            let other = place.temporary("merge")
            say("warning: \(error); results go to \(other.root)\n")
            try other.createRoot()
            return other
        }
    }

    private func merged(in directory: RunDirectory) async -> MergedRun {
        let fetched = await fetched()
        let own = places.isEmpty && origin == nil
        let roots =
            own ? [configuration.storage.results.appending(BundleDirectory.collection)] : places + fetched.directories
        let findings = BundleSearch(files: surroundings.files).find(below: roots)
        let join = BundleJoin(findings.bundles, of: await build())
        let refused = fetched.trouble + findings.refused + join.refused
        guard let run = join.run else {
            return .without(
                bundlesBelow: roots.isEmpty ? [FilePath(origin ?? ".")] : roots, found: findings.bundles.count,
                expected: expected, refused: refused)
        }
        var merged = await BundleMerge(
            run, settings: configuration.run, files: surroundings.files,
            temporaryDirectory: surroundings.temporaryDirectory,
            width: ThisMachine(files: surroundings.files).processors.processors,
            home: .init(results: directory.root, project: configuration.root)
        ).merged()
        merged.results.warnings = refused + merged.results.warnings
        if let expected { merged.expect(expected, of: run.total) }
        return merged
    }

    private func fetched() async -> BundleJourney.Fetched {
        guard let origin else { return .init() }
        return await BundleJourney(configuration: configuration, surroundings: surroundings)
            .fetch(from: origin, total: expected)
    }

    /// Outside of a CI service any single run is taken.
    private func build() async -> BundleJoin.Build {
        let context = await Detector(
            environment: surroundings.environment, files: surroundings.files, processes: LocalProcesses(),
            workingDirectory: surroundings.workingDirectory
        ).detect().context
        guard CIServices.named(context.service) != nil else { return BundleJoin.Build() }
        return BundleJoin.Build(
            service: context.service, run: context.sharedRunID, commit: context.source.commit)
    }

    private func show(_ merged: MergedRun) throws {
        let results = merged.results
        if display.isJSON {
            try ResultsV1.write(results, tests: merged.tests) { try FileDescriptor.standardOutput.writeAll($0) }
        } else if !display.isQuiet || results.verdict?.exitCode != .passed {
            let hasPassed = results.verdict?.exitCode == .passed
            // What a missing node was to run may have no name of a test.
            let failed = results.failuresToRunAgain.filter { $0.rawValue.contains("::") }
            let advice = RerunAdvice(["dt-ci", "run"], failed: failed)
            FileDescriptor.standardOutput.say(
                ConsoleReport(
                    results, settings: configuration.reporting.report, isColored: surroundings.isOutputColored,
                    advice: hasPassed ? [] : advice.lines(with: results)
                ).text)
        }
    }

    /// Whether everything was posted that had to be.
    private func publish(
        _ results: RunResults, isWhole: Bool, badges: [LocalReport], in directory: FilePath,
        to publication: RunPublication?
    ) async -> Bool {
        guard let publication else { return true }
        let delivery = configuration.reporting.publish.delivery
        let files = [LocalReport](in: directory, files: surroundings.files)
        let lines = await publication.conclude(
            results, files: files, isWhole: isWhole, within: delivery.budget)
        // A badge that is not where it should be is no reason to fail a run, however strict.
        let shown = lines + (await publication.put(badges, of: configuration, within: delivery.budget))
        if !display.isQuiet || shown.contains(where: \.isRefused) {
            say(publication.text(of: shown, at: Int(Date().timeIntervalSince1970)))
        }
        return !delivery.isStrict || !lines.contains(where: \.isRefused)
    }

    private func say(_ text: String, unlessQuiet: Bool = false) {
        guard !text.isEmpty, !unlessQuiet || !display.isQuiet else { return }
        FileDescriptor.standardError.say(text)
    }
}
