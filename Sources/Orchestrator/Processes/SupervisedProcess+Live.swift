import CICore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What others want of a process that some thread supervises.
final class ProcessOrders: Sendable {
    private struct State {
        var isCancelled = false
        var isKilled = false
        var wakeUp: WakeUp?
    }

    private let state = Mutex(State())

    /// To terminate soon.
    func cancel() {
        state.withLock { state in
            state.isCancelled = true
            state.wakeUp?.ring()
        }
    }

    /// To end at once.
    func kill() {
        state.withLock { state in
            state.isKilled = true
            state.wakeUp?.ring()
        }
    }

    /// Whether either was asked.
    var isCancelled: Bool { state.withLock { $0.isCancelled || $0.isKilled } }

    /// Names the thread to wake; an order that came while there was none wakes it at once.
    fileprivate func attach(_ wakeUp: WakeUp?) {
        state.withLock { state in
            state.wakeUp = wakeUp
            if state.isCancelled || state.isKilled { wakeUp?.ring() }
        }
    }

    fileprivate var events: [ProcessSupervision.Event] {
        state.withLock { ($0.isKilled ? [.killed] : []) + ($0.isCancelled ? [.cancelled] : []) }
    }
}

/// Carries out, on the calling thread, what `ProcessSupervision` decides about one process.
struct SupervisedProcess {
    private let process: SpawnedProcess
    private let streams: any ProcessStreams
    private let orders: ProcessOrders
    private let notice: (ProcessNotice) -> Void
    /// A machine that sleeps does not use up a process's time.
    private let start = SuspendingClock.now
    private var supervision: ProcessSupervision
    private var ending: ProcessEnding?

    init(
        _ process: SpawnedProcess, limits: TimeLimits, streams: any ProcessStreams, orders: ProcessOrders,
        notice: @escaping (ProcessNotice) -> Void
    ) {
        self.process = process
        self.streams = streams
        self.orders = orders
        self.notice = notice
        supervision = ProcessSupervision(limits: limits)
    }

    /// Waits until the process and its group have ended.
    mutating func run(_ wakeUp: WakeUp) -> ProcessEnding {
        orders.attach(wakeUp)
        defer { orders.attach(nil) }
        notice(.started(processID: process.id))
        var pause = Duration.milliseconds(1)
        while !supervision.isFinished {
            wait(wakeUp, pause)
            if streams.look() { perform(supervision.handle(.outputGrew, at: elapsed)) }
            for event in orders.events { perform(supervision.handle(event, at: elapsed)) }
            if ending == nil, process.hasEnded { takeLeave() }
            if ending != nil {
                if !process.isGroupAlive { perform(supervision.handle(.groupGone, at: elapsed)) }
                pause = min(pause * 2, .milliseconds(50))
            }
            perform(supervision.advance(to: elapsed))
        }
        streams.finish()
        // Unkillable: the system keeps it, nobody waits for it any longer.
        var result = ending ?? ProcessEnding(exit: .signaled(SIGKILL), cause: .exited, wall: elapsed)
        result.cause = supervision.cause
        return result
    }

    private var elapsed: Duration { SuspendingClock.now - start }

    /// The rest of the group is told first: while the process is a zombie its group's id is nobody else's.
    private mutating func takeLeave() {
        perform(supervision.handle(.exited, at: elapsed))
        let wall = elapsed
        let (exit, usage) = process.reap()
        ending = ProcessEnding(exit: exit, cause: .exited, wall: wall, usage: usage)
    }

    private func perform(_ actions: [ProcessSupervision.Action]) {
        for action in actions {
            switch action {
            case .reportSoftLimit: notice(.softLimitPassed)
            case .signal(let number):
                guard ending == nil || process.isGroupAlive else { continue }
                process.signalGroup(number)
                if !isFarewell(number) { notice(.signalled(number)) }
            case .finish: break
            }
        }
    }

    /// The request to the rest of a group whose leader ended by itself is nothing to tell of.
    private func isFarewell(_ number: Int32) -> Bool { number == SIGTERM && supervision.cause == .exited }

    private func wait(_ wakeUp: WakeUp, _ pause: Duration) {
        var entries = [pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0)]
        for descriptor in streams.descriptors {
            entries.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
        }
        var until = supervision.deadline
        if let interval = streams.interval { until = sooner(until, elapsed + interval) }
        if ending != nil {
            until = sooner(until, elapsed + pause)
        } else if process.endDescriptor >= 0 {
            entries.append(pollfd(fd: process.endDescriptor, events: Int16(POLLIN), revents: 0))
        } else {
            until = sooner(until, elapsed + .milliseconds(5))
        }
        _ = poll(&entries, nfds_t(entries.count), milliseconds(until: until))
        if entries[0].revents != 0 { wakeUp.silence() }
    }

    private func sooner(_ first: Duration?, _ second: Duration) -> Duration { first.map { min($0, second) } ?? second }

    /// Rounded up, so that the deadline has passed when `poll` returns.
    private func milliseconds(until deadline: Duration?) -> Int32 {
        guard let deadline else { return -1 }
        let left = max(.zero, deadline - elapsed)
        return Int32(
            min(left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000 + 1, 1 << 30))
    }
}
