import Synchronization
import Testing

@testable import CIProviders

@Suite(.timeLimit(.minutes(1)))
struct HostQueueTests {
    @Test(arguments: HostQueue.Kind.allCases)
    func `no more than the limit are inside, and all get in`(kind: HostQueue.Kind) async {
        let queue = HostQueue()
        let gauge = Gauge()
        await withTaskGroup { group in
            for _ in 0..<100 {
                group.addTask {
                    guard await queue.enter(kind) else { return }
                    gauge.enter()
                    await Task.yield()
                    gauge.leave()
                    queue.leave(kind)
                }
            }
        }
        #expect(gauge.all == 100)
        #expect(gauge.most <= (kind == .read ? Exchange.Manners().readsAtOnce : Exchange.Manners().writesAtOnce))
    }

    @Test func `reads do not wait for a write`() async {
        let queue = HostQueue()
        #expect(await queue.enter(.write))
        for _ in 0..<Exchange.Manners().readsAtOnce { #expect(await queue.enter(.read)) }
    }

    @Test func `who is cancelled in line leaves it, and the next gets the place`() async {
        let queue = HostQueue()
        #expect(await queue.enter(.write))
        let first = Task { await queue.enter(.write) }
        first.cancel()
        #expect(await first.value == false)
        let second = Task { await queue.enter(.write) }
        queue.leave(.write)
        #expect(await second.value)
        let cancelled = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await queue.enter(.write)
        }
        #expect(await cancelled.value == false)
        queue.leave(.write)
        #expect(await queue.enter(.write))
    }
}

/// Counts who is inside.
private final class Gauge: Sendable {
    private let state = Mutex((now: 0, most: 0, all: 0))

    /// The most at one time.
    var most: Int { state.withLock { $0.most } }
    /// Everybody so far.
    var all: Int { state.withLock { $0.all } }

    func enter() {
        state.withLock { state in
            state.now += 1
            state.all += 1
            state.most = max(state.most, state.now)
        }
    }

    func leave() { state.withLock { $0.now -= 1 } }
}
