import CICore
import Synchronization
import SystemPackage

/// Lets pytest collect, and reads what the plugin wrote down.
struct PytestListing {
    let suite: Suite
    let tool: RunnerProfile.Tool
    private static let count = Atomic<Int>(0)

    /// The tests in the given selectors, or all that pytest finds itself.
    ///
    /// - Throws: `.toolMissing`, or `.listingFailed` with pytest's words.
    func items(
        in selectors: [String]?, arguments: [String], using tools: RunnerTools
    ) async throws(RunnerError) -> [PytestItem] {
        let number = Self.count.wrappingAdd(1, ordering: .relaxed).newValue
        let directory = tools.scratch.appending("pytest-listing-\(number)")
        var environment: [String: String] = [:]
        environment[PytestPlugin.cacheVariable] = tools.cache?.appending(PytestRunner.cache).string
        // To list some files, the others need not be imported, unless a plain run may ignore what is named here.
        if let selectors, !PytestFiles(suite: suite, tools: tools).mayIgnore(selectors) {
            environment[PytestRunner.importVariable] = "selected"
        }
        let invocation = Invocation(
            ["-p", PytestPlugin.module, "--collect-only", "-qq"] + arguments, environment: environment,
            searchPaths: PytestRunner.searchPaths(of: suite),
            sideFiles: PytestRunner.sideFiles(in: directory, selecting: selectors), reports: [])
        do {
            try tools.files.remove(directory)
            try invocation.writeSideFiles(with: tools.files)
        } catch {
            throw RunnerError(
                code: .listingFailed, suite: suite.name, description: "suite \(suite.name): \(error.description)")
        }
        // What stays behind lies in the scratch directory, which the run removes.
        defer { try? tools.files.remove(directory) }
        let command = RunnerCommand(suite, tool: tool)
        let process = try await command.capture(
            invocation.arguments, adding: invocation.environment(over: command.environment(using: tools)),
            accepting: [0, 1, 2, 3, 4, 5], to: "collect the tests", using: tools)
        let journal = PytestJournal(in: directory, using: tools.files)
        guard [.exited(0), .exited(5)].contains(process.exit) else { throw failure(of: process) }
        return journal.items + journal.skippedFiles
    }

    private func failure(of process: CapturedProcess) -> RunnerError {
        let output = RunnerWords.tail(of: process.standardOutput)
        let errors = RunnerWords.tail(of: process.standardError)
        if errors.hasSuffix("No module named pytest") {
            return RunnerCommand(suite, tool: tool).missing("pytest")
        }
        return RunnerError(
            code: .listingFailed, suite: suite.name,
            description: "suite \(suite.name): pytest cannot collect the tests: it ended with \(process.exit)",
            output: output.isEmpty ? errors : output)
    }
}
