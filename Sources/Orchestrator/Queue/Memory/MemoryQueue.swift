import CICore
import Synchronization

/// A queue within one process.
package final class MemoryQueue: RunQueue {
    package let place = "memory:"
    private let books = Mutex<[QueueKey: RunBook]>([:])
    private let bell = QueueBell()
    private let now: @Sendable () -> Int64

    /// - Parameter now: the queue's clock, in milliseconds.
    package init(now: @escaping @Sendable () -> Int64 = QueueClock.milliseconds) { self.now = now }

    package func run(_ key: QueueKey) async throws(QueueError) -> QueueRun? { books.withLock { $0[key]?.run } }

    package func openRuns() async throws(QueueError) -> [QueueRun] {
        books.withLock { books in
            books.values.filter { !$0.progress.isOver }.sorted { $0.touched > $1.touched }.map(\.run)
        }
    }

    package func open(_ run: QueueRun, batches: [SharedBatch]) async throws(QueueError) -> QueueRun {
        books.withLock { books in
            if let book = books[run.key] { return book.run }
            books[run.key] = RunBook(run, batches: batches, at: now())
            return run
        }
    }

    package func join(_ key: QueueKey, as name: String) async throws(QueueError) -> QueueSeat {
        try change(key) { $0.join(as: name, at: $1) }
    }

    package func lease(_ seat: QueueSeat, _ wish: LeaseWish) async throws(QueueError) -> [Lease] {
        try change(seat.key) { $0.lease(seat, wish, at: $1) }
    }

    package func finish(_ seat: QueueSeat, _ ended: [EndedLease]) async throws(QueueError) -> EndAnswer {
        defer { bell.ring() }
        return try change(seat.key) { book, _ in book.finish(seat, ended) }
    }

    package func release(_ seat: QueueSeat, _ leases: [Lease]?) async throws(QueueError) {
        defer { bell.ring() }
        try change(seat.key) { $0.release(seat, leases, at: $1) }
    }

    package func beat(_ seat: QueueSeat) async throws(QueueError) -> QueueProgress {
        try change(seat.key) { $0.beat(seat, at: $1) }
    }

    package func stop(_ key: QueueKey, because reason: String) async throws(QueueError) {
        defer { bell.ring() }
        try change(key) { book, _ in book.stop(because: reason) }
    }

    package func leases(_ seat: QueueSeat) async throws(QueueError) -> [Lease] {
        try change(seat.key) { book, _ in book.leases(seat) }
    }

    package func adopt(_ seat: QueueSeat, knowing known: Set<Int>) async throws(QueueError) -> [Orphan] {
        try change(seat.key) { book, _ in book.adopt(seat, knowing: known) }
    }

    package func held(_ seat: QueueSeat) async throws(QueueError) -> Set<Int> {
        try change(seat.key) { book, _ in book.held(seat) }
    }

    package func seal(_ seat: QueueSeat) async throws(QueueError) {
        defer { bell.ring() }
        try change(seat.key) { book, _ in book.seal(seat) }
    }

    package func prune(olderThan age: Duration) async throws(QueueError) -> Int {
        let oldest = now() - age.milliseconds
        return books.withLock { books in
            let old = books.filter { $0.value.touched < oldest }.map(\.key)
            for key in old { books[key] = nil }
            return old.count
        }
    }

    package func change(within limit: Duration) async { await bell.wait(limit) }

    package func close() async {}

    private func change<Value: Sendable>(
        _ key: QueueKey, _ body: (inout RunBook, Int64) -> Value
    ) throws(QueueError) -> Value {
        let value = books.withLock { books -> Value? in
            guard let index = books.index(forKey: key) else { return nil }
            return body(&books.values[index], now())
        }
        guard let value else { throw .missing(key, at: place) }
        return value
    }
}

extension QueueError {
    /// The run was forgotten, or never was.
    static func missing(_ key: QueueKey, at place: String) -> QueueError {
        QueueError(.noRun, "\(place) has no run \(key): it was finished long ago or never began")
    }
}
