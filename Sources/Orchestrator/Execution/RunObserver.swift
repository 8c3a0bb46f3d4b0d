package import CICore
import Synchronization

package import struct FoundationEssentials.Date

/// Who is told what happens while it happens: progress, the events file, the output policy.
package protocol RunObserver: Sendable {
    /// Events come in order, one at a time.
    func observe(_ event: RunEvent)

    /// A chunk that a batch wrote, in order within the batch; only where output is followed.
    func observe(output: [UInt8], of batch: BatchID, slot: Int)
}

/// Gives events their number and time and hands them on in that order.
package final class EventStamp: Sendable {
    private let sequence = Mutex(0)
    private let now: @Sendable () -> Date
    private let observers: [any RunObserver]

    package init(observers: [any RunObserver], now: @escaping @Sendable () -> Date) {
        self.observers = observers
        self.now = now
    }

    /// Tells every observer; the lock keeps numbers and calls in one order.
    package func emit(_ kind: RunEvent.Kind) {
        sequence.withLock { next in
            let event = RunEvent(at: now(), sequence: next, kind: kind)
            next += 1
            for observer in observers { observer.observe(event) }
        }
    }

    /// Hands on what a batch wrote.
    package func emit(output: [UInt8], of batch: BatchID, slot: Int) {
        for observer in observers { observer.observe(output: output, of: batch, slot: slot) }
    }
}
