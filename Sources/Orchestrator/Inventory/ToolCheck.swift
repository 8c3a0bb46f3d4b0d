package import CICore
package import SystemPackage

/// What became of asking a suite's tool for its version.
package enum ToolCheck: Sendable, Hashable {
    /// It is there and says this of itself.
    case answered(String)
    /// It says that it is older than it must be.
    case outdated(String, minimum: String)
    /// It is at this path; asking it could have run tests.
    case unasked(FilePath?)
    /// It answers, and tells no version.
    case speechless(String)
    /// It ended with an error; its last words.
    case refused(ProcessExit, words: String)
    case hanging(after: Duration)
    case missing(String)
    /// The suite's directory is not there.
    case nowhere(FilePath)

    /// Asks, within a time limit.
    package static func of(
        _ question: ToolQuestion, for suite: Suite, using tools: RunnerTools, within limit: Duration
    ) async -> ToolCheck {
        guard tools.files.kind(of: suite.workingDirectory) == .directory else {
            return .nowhere(suite.workingDirectory)
        }
        var environment = tools.environment.merging(suite.environment) { $1 }
        for path in question.searchPaths.reversed() { path.extend(&environment) }
        var found: FilePath?
        if let program = question.program {
            let isRelative = program.utf8.contains(UInt8(ascii: "/")) && !program.hasPrefix("/")
            found = tools.processes.locate(
                isRelative ? suite.workingDirectory.appending(program).string : program, path: environment["PATH"] ?? ""
            )
            guard found != nil else { return .missing(program) }
        }
        guard let arguments = question.arguments else { return .unasked(found) }
        let command = ProcessCommand(arguments, environment: environment, workingDirectory: suite.workingDirectory)
        do throws(ProcessError) {
            let answer = try await tools.processes.capture(command, limit: 64 << 10, timeout: limit)
            return reading(answer, to: question)
        } catch {
            switch error.code {
            case .timedOut: return .hanging(after: limit)
            case .notFound, .notExecutable: return .missing(arguments[0])
            case .workingDirectoryMissing: return .nowhere(suite.workingDirectory)
            case .cancelled, .system: return .refused(.exited(-1), words: error.description)
            }
        }
    }

    /// What the answer says; old Java tools answer on standard error.
    static func reading(_ answer: CapturedProcess, to question: ToolQuestion) -> ToolCheck {
        let text = answer.text + "\n" + String(decoding: answer.standardError, as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline).map { SafeText.line(String($0), limit: 120) }
            .filter { $0.contains { !$0.isWhitespace } }
        guard answer.exit.isSuccess else {
            // Traces begin with a place in the source and name the error further down.
            let telling = lines.first { $0.lowercased().contains("error") || $0.contains("not found") }
            return .refused(answer.exit, words: telling ?? lines.first ?? "")
        }
        if let proof = question.proof { return .answered(proof) }
        let versions = lines.filter { VersionNumber(in: $0) != nil }
        // Some name what they run on before themselves.
        let name = question.program.map { $0.split(separator: "/").last ?? "" }?.lowercased() ?? ""
        guard let line = versions.first(where: { $0.lowercased().contains(name) }) ?? versions.first else {
            return .speechless(lines.first ?? "")
        }
        if let minimum = question.minimum, let least = VersionNumber(in: minimum),
            let version = VersionNumber(in: line), version < least
        {
            return .outdated(line, minimum: minimum)
        }
        return .answered(line)
    }
}

/// The first number with a dot in a text, such as `3.25.1` in `ctest version 3.25.1`.
struct VersionNumber: Sendable, Comparable {
    let parts: [Int]

    init?(in text: String) {
        var best: [Int] = []
        for word in text.split(whereSeparator: { !($0.isASCII && ($0.isNumber || $0 == ".")) }) {
            let parts = word.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
            let numbers = parts.compactMap(\.self)
            if numbers.count >= 2, numbers.count == parts.count {
                best = numbers
                break
            }
        }
        guard !best.isEmpty else { return nil }
        parts = best
    }

    static func < (left: Self, right: Self) -> Bool { left.parts.lexicographicallyPrecedes(right.parts) }
}
