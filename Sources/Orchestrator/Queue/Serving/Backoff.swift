/// Growing waits between tries, each with a random part, so that many who lost the same server do not come back at once.
package struct Backoff: Sendable {
    private var next: Duration
    private let most: Duration
    private let jitter: @Sendable () -> Double

    /// - Parameters:
    ///   - first: the first wait.
    ///   - most: no wait is longer.
    ///   - jitter: draws from 0 to 1.
    package init(
        first: Duration = .milliseconds(100), most: Duration = .seconds(5), jitter: @escaping @Sendable () -> Double
    ) {
        next = first
        self.most = most
        self.jitter = jitter
    }

    /// From half of the wait to the whole of it; the next one is twice as long.
    package mutating func wait() -> Duration {
        defer { next = min(next * 2, most) }
        return next / 2 + next / 2 * jitter()
    }
}
