package import CICore

package import struct FoundationEssentials.Date

/// What all reporting of one process shares: the way out, the time that is left, and what is known of each host.
package final class Exchange: Sendable {
    let ports: Ports
    let manners: Manners
    let policy: RetryPolicy
    let ledger: Ledger

    package init(ports: Ports, manners: Manners = Manners()) {
        self.ports = ports
        self.manners = manners
        policy = RetryPolicy(tries: manners.tries)
        ledger = Ledger(clock: ports.clock, manners: manners)
    }

    /// The world as the exchange needs it.
    package struct Ports: Sendable {
        package var http: any HTTPPort
        package var clock: any Clock<Duration>
        /// Wall-clock time, for limits that end at a date.
        package var now: @Sendable () -> Date
        /// A number of the range, for the jitter of retries.
        package var random: @Sendable (ClosedRange<Double>) -> Double

        package init(
            http: any HTTPPort, clock: any Clock<Duration>, now: @escaping @Sendable () -> Date,
            random: @escaping @Sendable (ClosedRange<Double>) -> Double
        ) {
            self.http = http
            self.clock = clock
            self.now = now
            self.random = random
        }
    }

    /// How patient it is.
    package struct Manners: Sendable, Hashable {
        /// For all requests together.
        package var budget: Duration = .seconds(60)
        /// For one request without a body; each megabyte of one adds a second.
        package var timeout: Duration = .seconds(10)
        /// Tries of one call, the first included.
        package var tries = 4
        /// Calls in a row that a host may fail before it is left alone.
        package var failuresUntilOpen = 4
        /// Calls that read from one host at a time.
        package var readsAtOnce = 3
        /// Calls that change something on one host at a time; GitHub asks for one after the other.
        package var writesAtOnce = 1

        package init() {}
    }
}
