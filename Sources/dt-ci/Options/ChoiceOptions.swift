import ArgumentParser
import Artifacts
import CICore
import Orchestrator
import Reporting
import SystemPackage

/// The options that leave a part of the tests.
struct ChoiceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Only what this pattern means; may be repeated. Plain text: the suite, directory, file, class or test that is \
            called just so, else every test whose id (suite::selector) holds it, upper and lower case apart. With * or ?: \
            a glob on the whole id, the id without suite::, a path or a suite's name.
            """,
            valueName: "pattern"))
    var only: [String] = []

    @Flag(help: "Only the tests that failed or were lost in the last run, as its results.json has them.")
    var onlyFailed = false

    @Option(help: "At most so many units of each suite, the first ones.")
    var sample: Int?

    func validate() throws {
        if let sample, sample < 1 { throw ValidationError("--sample is \(sample); expected 1 or more.") }
        guard only.allSatisfy({ !$0.isEmpty }) else { throw ValidationError("--only is empty; expected a pattern.") }
    }

    /// Whether everything is wanted.
    var isEmpty: Bool { only.isEmpty && !onlyFailed && sample == nil }

    /// What the options come to.
    enum Choice {
        case everything
        case part(TestChoice)
        /// Nothing failed last time, as a sentence.
        case nothing(String)
    }

    /// Reads the last results where that is asked for.
    ///
    /// Throws `ConfigurationError` if they are not there or cannot be read.
    func choice(in configuration: Configuration, files: any FileSystem) throws -> Choice {
        let written = TestChoice(only, source: EnvironmentOptions.origin(of: "only").description, sample: sample)
        guard onlyFailed else { return isEmpty ? .everything : .part(written) }
        let file = configuration.storage.results.appending(RunDirectory.resultsName)
        let failed = try failures(in: file, files: files)
        let suites = configuration.suites.map(\.name)
        let wanted = TestChoice(only.isEmpty ? suites.map(\.rawValue) : only).among(failed, suites: suites)
        guard !wanted.isEmpty else {
            let others = failed.isEmpty ? "" : " of what was asked for"
            return .nothing("nothing\(others) failed in the last run (\(file))")
        }
        return .part(
            TestChoice(wanted.map(\.rawValue), source: "--only-failed", toleratesMissing: true, sample: sample))
    }

    private func failures(in file: FilePath, files: any FileSystem) throws -> [TestID] {
        guard files.exists(file) else {
            throw ConfigurationError([
                .init(source: "--only-failed", problem: "\(file) is not there", expected: "an earlier `dt-ci run`")
            ])
        }
        let bytes = try files.contents(of: file, limit: 1 << 30)
        do {
            return try bytes.withUnsafeBufferPointer { try ResultsV1.read($0) }.failuresToRunAgain
        } catch let error as ResultsError {
            throw ConfigurationError([.init(source: file.string, problem: error.description)])
        }
    }
}
