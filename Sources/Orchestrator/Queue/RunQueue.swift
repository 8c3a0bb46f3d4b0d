import CICore

/// A place from which many workers take the batches of a run, each batch by one of them.
///
/// Time is the queue's own: nodes whose clocks differ change nothing. Every call is whole or nothing.
package protocol RunQueue: Sendable {
    /// As people may see it.
    var place: String { get }

    /// The run as its first node wrote it; `nil` if nobody has.
    func run(_ key: QueueKey) async throws(QueueError) -> QueueRun?

    /// The runs that have batches to serve, the newest first.
    func openRuns() async throws(QueueError) -> [QueueRun]

    /// Begins a run unless it is there.
    ///
    /// - Returns: the run as it is there, which is another node's if that was faster.
    func open(_ run: QueueRun, batches: [SharedBatch]) async throws(QueueError) -> QueueRun

    /// Takes part in a run.
    func join(_ key: QueueKey, as name: String) async throws(QueueError) -> QueueSeat

    /// Takes batches that may start now, first those that the most work waits for; none if there is none now, or if the
    /// node is counted as lost until it is heard of again.
    func lease(_ seat: QueueSeat, _ wish: LeaseWish) async throws(QueueError) -> [Lease]

    /// What the node holds, for one that did not hear an answer.
    func leases(_ seat: QueueSeat) async throws(QueueError) -> [Lease]

    /// Says that batches have ended. Results count once, and only from the one who holds the lease; saying it again
    /// changes nothing.
    func finish(_ seat: QueueSeat, _ ended: [EndedLease]) async throws(QueueError) -> EndAnswer

    /// Gives unfinished batches back, all that the node holds where none are named; others get them first.
    func release(_ seat: QueueSeat, _ leases: [Lease]?) async throws(QueueError)

    /// Says that the node is there, takes back what lost nodes held, and tells how far the run is.
    func beat(_ seat: QueueSeat) async throws(QueueError) -> QueueProgress

    /// Cancels everything that is not leased; the first reason stands.
    func stop(_ key: QueueKey, because reason: String) async throws(QueueError)

    /// Makes the node answer for ended batches that nobody does: those of lost nodes and those that were given up.
    ///
    /// - Returns: all that the node answers for, without those that it knows.
    func adopt(_ seat: QueueSeat, knowing known: Set<Int>) async throws(QueueError) -> [Orphan]

    /// The numbers of the ended batches that the node answers for.
    func held(_ seat: QueueSeat) async throws(QueueError) -> Set<Int>

    /// Says goodbye: what the node answers for is safe elsewhere.
    func seal(_ seat: QueueSeat) async throws(QueueError)

    /// Forgets runs that no node was heard of in for so long; how many.
    func prune(olderThan age: Duration) async throws(QueueError) -> Int

    /// Returns when something may have changed that a node waits for, or after that time.
    func change(within limit: Duration) async

    /// Ends its connections.
    func close() async
}
