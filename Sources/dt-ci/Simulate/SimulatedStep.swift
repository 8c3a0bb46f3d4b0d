import CICore
import Orchestrator
import Simulator
import Synchronization
import SystemPackage

/// The command of a simulated job: a real process in a group of its own.
struct SimulatedStep: Sendable {
    let command: ProcessCommand
    /// Where its output is kept.
    let file: FilePath
    let log: SharedLog

    /// How long a job has to end in when it is asked to; `dt-ci run` ends its own children within this time.
    private static let grace = Duration.seconds(15)

    /// Runs it to its end. A signal to dt-ci becomes a request to the whole group to end, a second one kills it.
    ///
    /// Throws `ProcessError` if it cannot be started.
    func run() async throws -> ProcessExit {
        let processes = LocalBatchProcesses(slots: 1, run: nil)
        let trap = SignalTrap()
        let child = Task {
            // Awaited below; a task of its own so that a signal can cancel it and nothing else.
            await processes.run(
                command, output: OutputFiles(file, isFollowed: true), limits: TimeLimits(grace: Self.grace)
            ) { notice in
                if case .wrote(let bytes, _) = notice { log.add(bytes) }
            }
        }
        let signals = Task {
            // Ends with the stream or by the cancellation below.
            var isRepeated = false
            for await _ in trap.signals {
                if isRepeated { processes.killAll() } else { child.cancel() }
                isRepeated = true
            }
        }
        let ending = await child.value
        signals.cancel()
        log.finish()
        if case .couldNotStart(let error) = ending.cause { throw error }
        return ending.exit ?? .exited(CICore.ExitCode.infrastructure.rawValue)
    }
}

/// A job's log while it is written.
final class SharedLog: Sendable {
    private let reading: Mutex<LogReading>
    private let show: @Sendable (LogReading.Line) -> Void

    /// `show` gets each line as the service would show it.
    init(_ dialect: LogDialect, show: @escaping @Sendable (LogReading.Line) -> Void) {
        reading = Mutex(LogReading(dialect))
        self.show = show
    }

    /// The log so far.
    var value: LogReading { reading.withLock { $0 } }

    /// Takes output in.
    func add(_ bytes: [UInt8]) {
        for line in reading.withLock({ $0.add(bytes) }) { show(line) }
    }

    /// Takes a last line without an end in.
    func finish() {
        for line in reading.withLock({ $0.finish() }) { show(line) }
    }
}
