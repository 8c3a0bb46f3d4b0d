package import CICore
package import SystemPackage

/// The processes of batches: supervised from start to end, with output in files.
package protocol BatchProcesses: Sendable {
    /// Runs one process and everything that it starts to the end.
    ///
    /// When the task is cancelled the process group is told to terminate at once and killed after the grace period.
    /// Notices come in order, from another thread; what takes them must be quick.
    func run(
        _ command: ProcessCommand, output: OutputFiles, limits: TimeLimits,
        notice: @escaping @Sendable (ProcessNotice) -> Void
    ) async -> ProcessEnding

    /// Kills every running process group at once.
    func killAll()

    /// Ends what escaped its process group and still runs; to be called when all batches are done.
    func endStragglers() async -> [Straggler]
}

/// Where a process writes: straight to files, so that no pipe can fill up, hang or grow in memory.
package struct OutputFiles: Sendable, Hashable {
    /// Standard output; replaced if it exists.
    package var output: FilePath
    /// Standard error; `nil` = into `output`, in the order of writing.
    package var errors: FilePath?
    /// Whether what is written comes as notices too.
    package var isFollowed: Bool

    package init(_ output: FilePath, errors: FilePath? = nil, isFollowed: Bool = false) {
        self.output = output
        self.errors = errors
        self.isFollowed = isFollowed
    }
}

/// How long a process may take.
package struct TimeLimits: Sendable, Hashable {
    /// A notice comes when this is passed; nothing else happens.
    package var soft: Duration?
    /// The process group is ended when this is passed.
    package var hard: Duration?
    /// The process group is ended when its output files have not grown for so long.
    package var silence: Duration?
    /// Between the request to terminate and the kill.
    package var grace: Duration
    /// Sent first when a limit is passed, for a stack dump.
    package var dumpSignal: Int32?

    package init(
        soft: Duration? = nil, hard: Duration? = nil, silence: Duration? = nil, grace: Duration = .seconds(3),
        dumpSignal: Int32? = nil
    ) {
        self.soft = soft
        self.hard = hard
        self.silence = silence
        self.grace = grace
        self.dumpSignal = dumpSignal
    }
}

/// Something that a running process did or had done to it.
package enum ProcessNotice: Sendable, Hashable {
    case started(processID: Int32)
    case softLimitPassed
    /// At most 64 KiB; together these are the whole file, in order.
    case wrote([UInt8], OutputStream)
    /// The process group was sent this signal.
    case signalled(Int32)

    /// Which file a chunk went to.
    package enum OutputStream: Sendable, Hashable {
        /// Standard output, and standard error where they share a file.
        case output
        case errors
    }
}

/// How a supervised process ended and what it took.
package struct ProcessEnding: Sendable, Hashable {
    /// `nil` if it never started.
    package var exit: ProcessExit?
    package var cause: Cause
    package var wall: Duration
    package var usage: Usage

    package init(exit: ProcessExit?, cause: Cause, wall: Duration = .zero, usage: Usage = Usage()) {
        self.exit = exit
        self.cause = cause
        self.wall = wall
        self.usage = usage
    }

    /// Why it ended.
    package enum Cause: Sendable, Hashable {
        /// By itself.
        case exited
        case hardLimit
        case silence
        /// The task was cancelled, or `killAll()` called.
        case cancelled
        case couldNotStart(ProcessError)
    }

    /// What the process and its children that it waited for used.
    package struct Usage: Sendable, Hashable {
        package var userTime: Duration
        package var systemTime: Duration
        /// The largest resident size of one process, in bytes; `nil` if it was no larger than dt-ci itself, because
        /// Linux then counts dt-ci's own memory for the moment before the program is loaded.
        package var peakMemory: Int?

        package init(userTime: Duration = .zero, systemTime: Duration = .zero, peakMemory: Int? = nil) {
            self.userTime = userTime
            self.systemTime = systemTime
            self.peakMemory = peakMemory
        }
    }
}

/// A process that outlived its batch and was ended.
package struct Straggler: Sendable, Hashable {
    package var processID: Int32
    /// The program's name as the system has it.
    package var name: String

    package init(processID: Int32, name: String) {
        self.processID = processID
        self.name = name
    }
}
