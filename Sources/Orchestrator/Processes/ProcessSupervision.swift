#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Decides which signal a process group gets and when: events in, actions out, no clock and no process of its own.
///
/// All times are measured from the start of the process and never go backwards.
struct ProcessSupervision: Sendable {
    /// Something that the shell around it saw.
    enum Event: Sendable, Hashable {
        case outputGrew
        case cancelled
        case killed
        /// The process itself ended; others of its group may live.
        case exited
        /// No process of the group is left.
        case groupGone
    }

    /// Something for the shell to carry out.
    enum Action: Sendable, Hashable {
        case reportSoftLimit
        /// To the whole group.
        case signal(Int32)
        /// Nothing more is to be waited for.
        case finish
    }

    private enum Phase: Hashable {
        case running
        case dumping(until: Duration)
        case terminating(until: Duration)
        case killing(until: Duration)
        /// The process ended and the rest of its group was told to.
        case leaving(until: Duration)
        case finished
    }

    /// How long a process may take to write its stack dump.
    static let dumpTime = Duration.seconds(2)
    /// How long the rest of a group has after the process itself ended in peace.
    static let leavingTime = Duration.milliseconds(500)
    /// How long a killed process is waited for: one that hangs in the kernel must not hang dt-ci.
    static let killTime = Duration.seconds(5)

    private let limits: TimeLimits
    private var phase = Phase.running
    private var lastGrowth = Duration.zero
    private var hasReportedSoftLimit = false
    /// Why the process ended; never `couldNotStart`.
    private(set) var cause = ProcessEnding.Cause.exited

    init(limits: TimeLimits) { self.limits = limits }

    /// Whether `finish` was said.
    var isFinished: Bool { phase == .finished }

    /// When `advance` has something to do if nothing else happens before.
    var deadline: Duration? {
        switch phase {
        case .running: [pendingSoftLimit, limits.hard, silenceEnd].compactMap { $0 }.min()
        case .dumping(let until), .terminating(let until), .killing(let until), .leaving(let until): until
        case .finished: nil
        }
    }

    /// Takes note of an event.
    mutating func handle(_ event: Event, at now: Duration) -> [Action] {
        switch (event, phase) {
        case (_, .finished): return []
        case (.outputGrew, _):
            lastGrowth = now
            return []
        case (.cancelled, .running):
            cause = .cancelled
            return terminate(at: now)
        case (.cancelled, .dumping): return terminate(at: now)
        case (.cancelled, _): return []
        case (.killed, _):
            if phase == .running { cause = .cancelled }
            return kill(at: now)
        case (.exited, .running), (.exited, .dumping):
            phase = .leaving(until: now + min(Self.leavingTime, limits.grace))
            return [.signal(SIGTERM)]
        case (.exited, .terminating(let until)):
            phase = .leaving(until: until)
            return []
        case (.exited, _): return []
        case (.groupGone, _):
            phase = .finished
            return [.finish]
        }
    }

    /// Takes note of the time.
    mutating func advance(to now: Duration) -> [Action] {
        var actions: [Action] = []
        if phase == .running, let soft = pendingSoftLimit, now >= soft {
            hasReportedSoftLimit = true
            actions.append(.reportSoftLimit)
        }
        switch phase {
        case .running:
            if let hard = limits.hard, now >= hard {
                actions += exceed(.hardLimit, at: now)
            } else if let end = silenceEnd, now >= end {
                actions += exceed(.silence, at: now)
            }
        case .dumping(let until) where now >= until: actions += terminate(at: now)
        case .terminating(let until) where now >= until: actions += kill(at: now)
        case .leaving(let until) where now >= until: actions += kill(at: now)
        case .killing(let until) where now >= until:
            phase = .finished
            actions.append(.finish)
        default: break
        }
        return actions
    }

    private var pendingSoftLimit: Duration? { hasReportedSoftLimit ? nil : limits.soft }

    private var silenceEnd: Duration? { limits.silence.map { lastGrowth + $0 } }

    private mutating func exceed(_ limit: ProcessEnding.Cause, at now: Duration) -> [Action] {
        cause = limit
        guard let signal = limits.dumpSignal else { return terminate(at: now) }
        phase = .dumping(until: now + Self.dumpTime)
        return [.signal(signal)]
    }

    private mutating func terminate(at now: Duration) -> [Action] {
        phase = .terminating(until: now + limits.grace)
        return [.signal(SIGTERM)]
    }

    private mutating func kill(at now: Duration) -> [Action] {
        if case .killing = phase { return [] }
        phase = .killing(until: now + Self.killTime)
        return [.signal(SIGKILL)]
    }
}
