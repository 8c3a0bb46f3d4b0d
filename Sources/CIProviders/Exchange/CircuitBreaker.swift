/// Counts how often in a row a host failed, and opens when that is too often.
struct CircuitBreaker: Sendable, Hashable {
    /// Failures in a row after which the host is left alone, for good: a process that reports lives too short to find
    /// out whether it came back.
    let limit: Int
    private var failures = 0

    init(limit: Int) { self.limit = limit }

    var isOpen: Bool { failures >= limit }

    /// A call ended without a useful word from the host.
    mutating func fail() { failures += 1 }

    /// The host answered, be it with a refusal.
    mutating func succeed() { if !isOpen { failures = 0 } }
}
