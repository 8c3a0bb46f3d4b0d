import Dispatch
import Synchronization

/// Waits for things that may never end.
enum Patience {
    /// What `body` gives, or `nil` when the time is up; it is cancelled then, and not waited for.
    static func run<Value: Sendable>(
        within limit: Duration, _ body: @escaping @Sendable () async -> Value
    ) async -> Value? {
        let race = Race<Value>()
        return await withCheckedContinuation { continuation in
            race.start(continuation)
            // Neither is awaited: the loser has nobody who still wants to know, and the process ends soon.
            let work = Task { race.end(await body()) }
            Task {
                // A sleep that is cut short has nothing left to end.
                try? await Task.sleep(for: limit)
                if race.end(nil) { work.cancel() }
            }
        }
    }

    /// As `run`, for calls that hold up their thread, which gets one of its own.
    static func block<Value: Sendable>(
        within limit: Duration, _ body: @escaping @Sendable () -> Value
    ) async -> Value? {
        await run(within: limit) {
            await withCheckedContinuation { continuation in
                // A queue of its own: the threads of the others are Swift's, which must not wait.
                DispatchQueue(label: "dt-ci.checkup").async { continuation.resume(returning: body()) }
            }
        }
    }
}

/// The first of two that ends it wins.
private final class Race<Value: Sendable>: Sendable {
    private let continuation = Mutex<CheckedContinuation<Value?, Never>?>(nil)

    func start(_ continuation: CheckedContinuation<Value?, Never>) {
        self.continuation.withLock { $0 = continuation }
    }

    /// Whether this was the first.
    @discardableResult
    func end(_ value: Value?) -> Bool {
        guard let continuation = continuation.withLock({ $0.take() }) else { return false }
        continuation.resume(returning: value)
        return true
    }
}
