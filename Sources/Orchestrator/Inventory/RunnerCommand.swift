import CICore
import SystemPackage

/// How a suite's runner is started: its own executable, or what the user put in its place.
struct RunnerCommand {
    private let suite: Suite
    private let tool: RunnerProfile.Tool
    private let executable: [String]

    /// - Parameters:
    ///   - suite: whose `command` wins.
    ///   - tool: for the advice when it is missing.
    ///   - executable: the words in front of all arguments, where the suite has no `command` of its own; the
    ///     profile's executable if `nil`.
    init(_ suite: Suite, tool: RunnerProfile.Tool, executable: [String]? = nil) {
        self.suite = suite
        self.tool = tool
        self.executable = executable ?? [tool.executable]
    }

    /// The whole argument array. A user's shell line gets the arguments as `"$@"` behind it, never as text.
    func arguments(_ rest: [String]) -> [String] {
        switch suite.command.run {
        case nil: executable + rest
        case .arguments(let words): words + rest
        case .shell(let line): ["/bin/sh", "-c", line + " \"$@\"", "sh"] + rest
        }
    }

    /// The environment of a listing: the tools' with the suite's over it.
    func environment(using tools: RunnerTools) -> [String: String] {
        tools.environment.merging(suite.environment) { $1 }
    }

    /// Makes sure that the executable is there, for runners whose discovery starts nothing.
    ///
    /// - Throws: `.toolMissing`.
    func requireTool(using tools: RunnerTools) throws(RunnerError) {
        let path = environment(using: tools)["PATH"] ?? ""
        guard let name = program, tools.processes.locate(absolute(name), path: path) == nil else { return }
        throw missing(name)
    }

    /// Runs a listing to its end and returns what it wrote.
    ///
    /// - Parameters:
    ///   - rest: the arguments after the executable.
    ///   - variables: go over the environment.
    ///   - accepted: exit codes of a good listing.
    ///   - purpose: what the error says could not be done, such as `list the tests`.
    ///   - tools: to run it with.
    /// - Returns: the process, with an accepted exit code.
    /// - Throws: `.toolMissing`, or `.listingFailed` with the runner's words.
    func capture(
        _ rest: [String], adding variables: [String: String] = [:], accepting accepted: Set<Int32> = [0],
        to purpose: String = "list the tests", using tools: RunnerTools
    ) async throws(RunnerError) -> CapturedProcess {
        let command = ProcessCommand(
            arguments(rest), environment: environment(using: tools).merging(variables) { $1 },
            workingDirectory: suite.workingDirectory)
        let result: CapturedProcess
        do {
            result = try await tools.processes.capture(command, limit: 256 << 20, timeout: tools.listingTimeout)
        } catch {
            throw failure(of: error, to: purpose)
        }
        if case .shell = suite.command.run, result.exit == .exited(127) { throw missing(program ?? tool.executable) }
        guard case .exited(let code) = result.exit, accepted.contains(code) else {
            throw RunnerError(
                code: .listingFailed, suite: suite.name,
                description: "suite \(suite.name): cannot \(purpose): \(title) ended with \(result.exit)",
                output: RunnerWords.tail(of: result))
        }
        return result
    }

    /// The error for a tool that is not there.
    func missing(_ name: String) -> RunnerError {
        let advice = ways.isEmpty ? "" : ": install it with `\(ways.joined(separator: "` or `"))`"
        return RunnerError(
            code: .toolMissing, suite: suite.name,
            description: "suite \(suite.name): \(name) is not installed or not in PATH\(advice)")
    }

    /// Ways to install the tool; none where the user put something in its place.
    var ways: [String] {
        guard suite.command.run == nil else { return [] }
        let packages =
            tool.debianPackages.isEmpty ? [] : ["apt-get install \(tool.debianPackages.joined(separator: " "))"]
        return packages + [tool.hint].compactMap(\.self)
    }

    /// Whether what is started ends with the tool's own name or is no command of the user's.
    var isAskable: Bool {
        let words: [String]
        switch suite.command.run {
        case nil: return true
        case .arguments(let given): words = given
        case .shell(let line): words = line.split(separator: " ").map(String.init)
        }
        return words.last.map { $0 == tool.executable || $0.hasSuffix("/" + tool.executable) } ?? false
    }

    private func failure(of error: ProcessError, to purpose: String) -> RunnerError {
        switch error.code {
        case .notFound, .notExecutable:
            missing(program ?? tool.executable)
        case .workingDirectoryMissing:
            RunnerError(
                code: .badConfiguration, suite: suite.name,
                description: "suite \(suite.name): the working directory \(suite.workingDirectory) does not exist")
        case .timedOut, .cancelled, .system:
            RunnerError(
                code: .listingFailed, suite: suite.name,
                description: "suite \(suite.name): cannot \(purpose): \(error.description)")
        }
    }

    /// What is looked up in `PATH`: the first word; `nil` for shell lines, which may begin with anything.
    var program: String? {
        switch suite.command.run {
        case nil: executable.first
        case .arguments(let words): words.first
        case .shell: nil
        }
    }

    private var title: String { program ?? "the suite's command" }

    /// A relative path is one in the suite's directory.
    private func absolute(_ name: String) -> String {
        guard name.utf8.contains(UInt8(ascii: "/")), !name.hasPrefix("/") else { return name }
        return suite.workingDirectory.appending(name).string
    }
}
