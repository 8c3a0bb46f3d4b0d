import Synchronization

/// What an exchange keeps account of: the time of all calls together, and how each host behaves.
final class Ledger: Sendable {
    private struct Host {
        var breaker: CircuitBreaker
        /// A rate limit ends then.
        var opens: Duration = .zero
        let queue: HostQueue
    }

    private struct State {
        var budget: TimeBudget
        var hosts: [String: Host] = [:]
    }

    private let state: Mutex<State>
    private let manners: Exchange.Manners
    private let time: @Sendable () -> Duration

    init(clock: any Clock<Duration>, manners: Exchange.Manners) {
        state = Mutex(State(budget: TimeBudget(limit: manners.budget)))
        self.manners = manners
        time = Self.stopwatch(clock)
    }

    /// What is left for all calls together.
    var timeLeft: Duration { state.withLock { $0.budget.left(at: time()) } }

    /// A call begins, which `leave` ends.
    func enter() { state.withLock { $0.budget.enter(at: time()) } }

    func leave() { state.withLock { $0.budget.leave(at: time()) } }

    /// Where calls to the host stand in line.
    func queue(of host: String) -> HostQueue { withHost(host) { $0.queue } }

    /// Whether the host failed too often in a row.
    func isGivenUp(_ host: String) -> Bool { withHost(host) { $0.breaker.isOpen } }

    /// A call to the host is over.
    func note(_ host: String, hasFailed: Bool) {
        withHost(host) { host in
            if hasFailed { host.breaker.fail() } else { host.breaker.succeed() }
        }
    }

    /// The host wants to be left alone so long.
    func close(_ host: String, for duration: Duration) {
        withHost(host) { $0.opens = max($0.opens, time() + duration) }
    }

    /// How long the host still wants to be left alone.
    func wait(for host: String) -> Duration { withHost(host) { max(.zero, $0.opens - time()) } }

    private func withHost<Value>(_ name: String, _ body: (inout Host) -> Value) -> Value {
        state.withLock { state in
            var host =
                state.hosts[name]
                ?? Host(
                    breaker: CircuitBreaker(limit: manners.failuresUntilOpen), queue: HostQueue(manners: manners))
            defer { state.hosts[name] = host }
            return body(&host)
        }
    }

    /// The time since now.
    private static func stopwatch(_ clock: some Clock<Duration>) -> @Sendable () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }
}
