import CSpawn
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Threads that start processes and wait for them, one process at a time each.
///
/// A pool of our own and not Swift's: waiting blocks, and on Linux a child with a parent-death signal dies with the
/// *thread* that started it. A thread here ends only when it is idle and the pool is gone.
final class ProcessThreads: Sendable {
    /// Work for one thread; the alarm wakes it from the outside while it waits for its process.
    typealias Job = @Sendable (WakeUp) -> Void

    private let board: JobBoard

    /// - Parameter limit: the most threads; further jobs queue.
    init(limit: Int) { board = JobBoard(limit: limit) }

    deinit { board.close() }

    /// Runs the job on an idle thread or a new one; on the calling one if the system has no thread left to give.
    func submit(_ job: @escaping Job) {
        guard let worker = board.post(job), !worker.start(on: board) else { return }
        board.resign()?(WakeUp())
    }
}

/// What the threads of a pool share: jobs to do and threads to wake.
private final class JobBoard: Sendable {
    private struct State {
        var jobs: [ProcessThreads.Job] = []
        var idle: [WakeUp] = []
        var threads = 0
        var isClosed = false
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    /// A worker to start, if the job needs a new thread.
    func post(_ job: @escaping ProcessThreads.Job) -> Worker? {
        state.withLock { state in
            state.jobs.append(job)
            if let sleeper = state.idle.popLast() {
                sleeper.ring()
                return nil
            }
            guard state.threads < limit else { return nil }
            state.threads += 1
            return Worker()
        }
    }

    /// After a thread could not be started: the job that nobody else would do.
    func resign() -> ProcessThreads.Job? {
        state.withLock { state in
            state.threads -= 1
            return state.threads == 0 ? state.jobs.popLast() : nil
        }
    }

    /// The next job; `nil` = go to sleep, or end if the pool is gone.
    func next(for worker: WakeUp) -> (job: ProcessThreads.Job?, mustEnd: Bool) {
        state.withLock { state in
            if !state.jobs.isEmpty { return (state.jobs.removeFirst(), false) }
            if state.isClosed { return (nil, true) }
            if !state.idle.contains(where: { $0 === worker }) { state.idle.append(worker) }
            return (nil, false)
        }
    }

    func close() {
        state.withLock { state in
            state.isClosed = true
            for sleeper in state.idle { sleeper.ring() }
        }
    }
}

/// One thread.
private final class Worker: Sendable {
    private let wakeUp = WakeUp()

    /// `false` if the system gives no thread.
    func start(on board: JobBoard) -> Bool {
        let body = ThreadBody { [wakeUp] in
            while true {
                let (job, mustEnd) = board.next(for: wakeUp)
                if mustEnd { return }
                if let job { job(wakeUp) } else { wakeUp.wait() }
            }
        }
        return body.detach()
    }
}

/// A closure on its way to a new thread.
private final class ThreadBody: Sendable {
    private let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }

    /// Starts the thread with every signal blocked: they are for the thread that traps them, and a broken pipe must be
    /// an error and not an end.
    ///
    /// `false` if the system gives no thread.
    func detach() -> Bool {
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        defer { pthread_attr_destroy(&attributes) }
        let box = Unmanaged.passRetained(self).toOpaque()
        #if canImport(Darwin)
            var thread: pthread_t?
            let code = pthread_create(&thread, &attributes, { ThreadBody.enter($0) }, box)
        #else
            var thread = pthread_t()
            let code = pthread_create(&thread, &attributes, { ThreadBody.enter($0) }, box)
        #endif
        if code != 0 { Unmanaged<ThreadBody>.fromOpaque(box).release() }
        return code == 0
    }

    private static func enter(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let box else { return nil }
        Unmanaged<ThreadBody>.fromOpaque(box).takeRetainedValue().run()
        return nil
    }
}

/// Wakes one thread that waits in `poll`.
final class WakeUp: Sendable {
    /// Readable after `ring()`.
    let descriptor: Int32
    private let writer: Int32

    init() {
        let (reading, writing) = DescriptorPair.pipe() ?? (-1, -1)
        descriptor = reading
        writer = writing
        setNonBlocking(reading)
        setNonBlocking(writing)
    }

    deinit {
        close(descriptor)
        close(writer)
    }

    /// From any thread.
    func ring() {
        var byte: UInt8 = 1
        // A full pipe already wakes the thread.
        _ = write(writer, &byte, 1)
    }

    /// Blocks until somebody rings.
    func wait() {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // Without a pipe (no descriptors left) the thread looks again a little later.
        _ = poll(&entry, 1, descriptor < 0 ? 20 : -1)
        silence()
    }

    /// Takes the rings that came so far.
    func silence() {
        var bytes: (UInt64, UInt64) = (0, 0)
        while read(descriptor, &bytes, 16) > 0 {}
    }
}

/// Two ends of a pipe that no child inherits.
enum DescriptorPair {
    /// `nil` when there are no descriptors left; `errno` tells.
    static func pipe() -> (reading: Int32, writing: Int32)? {
        var ends: (Int32, Int32) = (-1, -1)
        let code = withUnsafeMutablePointer(to: &ends) {
            $0.withMemoryRebound(to: Int32.self, capacity: 2) { dtci_pipe($0) }
        }
        return code == 0 ? (ends.0, ends.1) : nil
    }
}

/// Makes reads and writes return at once.
func setNonBlocking(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
}
