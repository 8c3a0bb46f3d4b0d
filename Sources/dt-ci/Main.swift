import ArgumentParser
import Artifacts
import CICore
import CIProviders
import Orchestrator
import SystemPackage
import TestHistory

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The process: arguments in, exit code out.
@main
enum Main {
    static func main() async {
        do {
            let options = try EnvironmentOptions(
                Array(CommandLine.arguments.dropFirst()), environment: Surroundings.live.environment)
            for warning in options.warnings { FileDescriptor.standardError.say("\(warning)\n") }
            try await EnvironmentOptions.$current.withValue(options) { try await run(options) }
        } catch {
            Failure(error).end()
        }
    }

    private static func run(_ options: EnvironmentOptions) async throws {
        var command: any ParsableCommand
        do {
            command = try await DTCI.asyncParseAsRoot(options.arguments)
        } catch {
            if let note = options.note, DTCI.exitCode(for: error) != .success {
                FileDescriptor.standardError.say("\(note)\n")
            }
            throw error
        }
        if var asynchronous = command as? any AsyncParsableCommand {
            try await asynchronous.run()
        } else {
            try command.run()
        }
    }
}

/// How an error leaves the process: the one place that maps errors to the documented exit codes.
struct Failure {
    let exitCode: Int32
    let message: String
    /// Help and version are answers, not errors.
    let isAnswer: Bool

    private init(_ code: CICore.ExitCode, _ message: String) {
        exitCode = code.rawValue
        self.message = "error: \(message)"
        isAnswer = false
    }

    /// What the argument parser has to say.
    private init(parsing error: any Error) {
        let code = DTCI.exitCode(for: error).rawValue
        exitCode = code == EX_USAGE ? CICore.ExitCode.usage.rawValue : code
        message = DTCI.fullMessage(for: error)
        isAnswer = code == EXIT_SUCCESS
    }

    /// Everything was said already.
    private init(_ finish: Finish) {
        exitCode = finish.code.rawValue
        message = ""
        isAnswer = true
    }

    /// The command that ran has said everything.
    private init(_ end: CommandEnd) {
        exitCode = end.exitCode
        message = ""
        isAnswer = true
    }

    init(_ error: any Error) {
        switch error {
        case let finish as Finish:
            self.init(finish)
        case let end as CommandEnd:
            self.init(end)
        case let error as ConfigurationError:
            self.init(.usage, error.description)
        case let error as RunnerError:
            self.init(error.exitCode, ([error.description] + [error.output].compactMap(\.self)).joined(separator: "\n"))
        case let error as UnsatisfiablePlan:
            self.init(.usage, error.description)
        case let error as HistoryError:
            self.init(error.exitCode, SafeText.line(error.description, limit: 4096))
        case let error as StoreError:
            self.init(error.exitCode, error.description)
        case let error as PlaceError:
            self.init(.infrastructure, error.description)
        case let error as PlaceFailure:
            self.init(.usage, error.description)
        case let error as PlanFormatError:
            self.init(.usage, error.description)
        case let error as ReportFailure:
            self.init(.usage, error.description)
        case let error as BuildFailure:
            self.init(error.exitCode, error.description)
        case let error as APIError:
            let failure = BuildFailure(error)
            self.init(failure.exitCode, failure.description)
        case let error as FileError:
            self.init(.infrastructure, error.description)
        case let error as ProcessError:
            self.init(.infrastructure, error.description)
        default:
            self.init(parsing: error)
        }
    }

    /// Writes the message and leaves.
    func end() -> Never {
        if !message.isEmpty {
            let stream: FileDescriptor = isAnswer ? .standardOutput : .standardError
            stream.say("\(message)\n")
        }
        exit(exitCode)
    }
}

extension RunnerError {
    fileprivate var exitCode: CICore.ExitCode {
        switch code {
        case .toolMissing, .badConfiguration: .usage
        case .listingFailed, .buildFailed: .collectionFailed
        }
    }
}

extension StoreError {
    fileprivate var exitCode: CICore.ExitCode {
        switch code {
        case .unusable, .missing, .taken, .malformed, .tooLarge: .usage
        case .damaged, .full, .inaccessible, .busy: .infrastructure
        }
    }
}

extension HistoryError {
    fileprivate var exitCode: CICore.ExitCode {
        switch code {
        case .unsupported, .missing, .malformedImport: .usage
        case .unwritable, .corrupt, .newerSchema, .busy: .infrastructure
        }
    }
}
