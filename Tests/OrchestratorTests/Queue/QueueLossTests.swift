import CICore
import Testing

@testable import Orchestrator

/// Batches whose workers die, at every kind of queue.
@Suite(.serialized) struct QueueLossTests {
    private let key = QueueKey(run: "r")

    /// A new node takes what it gets, alone and one at a time, and is never heard of again.
    private func die(_ stand: QueueStand, as name: String) async throws -> Lease? {
        let seat = try await stand.queue.join(key, as: name)
        let lease = try await stand.queue.lease(seat, .init(count: 1)).first
        try await stand.advance(.seconds(61))
        return lease
    }

    @Test(arguments: QueuePlace.allCases) func `a batch that kills its workers is cut, and the guilty unit named`(
        place: QueuePlace
    ) async throws {
        let stand = try place.stand()
        let watcher = try await stand.begin([.sample("a", 6, units: 3), .sample("b", 1, after: ["a"])])
        for name in ["one", "two"] {
            #expect(try await die(stand, as: name)?.batch.id == "a")
            _ = try await stand.queue.beat(watcher)
        }
        #expect(try await stand.queue.beat(watcher).waiting == 4)
        let three = try await stand.queue.join(key, as: "three")
        // Whoever holds something gets no suspect, and nobody two.
        #expect(try await stand.queue.lease(three, .init(count: 1, isIdle: false)).isEmpty)
        #expect(try await stand.queue.lease(three, .init(count: 2)).isEmpty)
        let parts = try await stand.queue.lease(three, .init(count: 1))
        #expect(parts.map(\.batch.id) == ["a/0"])
        #expect(parts.map(\.batch.units) == [["s::a-0"]])
        #expect(parts[0].isIsolated)
        _ = try await stand.queue.finish(three, parts.map { EndedLease($0) })
        #expect(try await die(stand, as: "four")?.batch.id == "a/1")
        let progress = try await stand.queue.beat(watcher)
        #expect((progress.failed, progress.done, progress.waiting) == (1, 1, 2))
        let last = try await stand.queue.lease(watcher, .init(count: 1))
        #expect(last.map(\.batch.id) == ["a/2"])
        // What waited for the whole waits for every part.
        #expect(try await stand.queue.lease(watcher, .init(count: 1)).isEmpty)
        _ = try await stand.queue.finish(watcher, last.map { EndedLease($0) })
        let dependent = try await stand.queue.lease(watcher, .init(count: 1))
        #expect(dependent.map(\.batch.id) == ["b"])
        _ = try await stand.queue.finish(watcher, dependent.map { EndedLease($0) })
        #expect(try await stand.queue.beat(watcher).isOver)
        let orphans = try await stand.queue.adopt(watcher, knowing: [last[0].number, dependent[0].number])
        #expect(orphans.map(\.batch.id) == ["a/0", "a/1"])
        #expect(orphans.map(\.ending) == [.done(results: ""), .givenUp(deaths: 3)])
    }

    @Test(arguments: QueuePlace.allCases) func `a batch of one unit runs alone before it is given up`(
        place: QueuePlace
    ) async throws {
        let stand = try place.stand()
        let watcher = try await stand.begin([.sample("a")])
        var isolated: [Bool?] = []
        for name in ["one", "two", "three"] {
            isolated.append(try await die(stand, as: name)?.isIsolated)
            _ = try await stand.queue.beat(watcher)
        }
        #expect(isolated == [false, false, true])
        #expect(try await stand.queue.beat(watcher).failed == 1)
    }

    @Test(arguments: QueuePlace.allCases) func `a lost node's results are delivered by another, a sealed one's not`(
        place: QueuePlace
    ) async throws {
        let stand = try place.stand()
        let sealed = try await stand.begin([.sample("a", 4), .sample("b", 3), .sample("c", 2), .sample("d", 1)])
        let lost = try await stand.queue.join(key, as: "lost")
        let last = try await stand.queue.join(key, as: "last")
        for (seat, results) in [(sealed, "1"), (lost, "2"), (lost, "3"), (last, "4")] {
            let leases = try await stand.queue.lease(seat, .init(count: 1))
            _ = try await stand.queue.finish(seat, leases.map { EndedLease($0, results: results) })
        }
        try await stand.queue.seal(sealed)
        #expect(try await stand.queue.adopt(last, knowing: [3]).isEmpty)
        try await stand.advance(.seconds(61))
        #expect(try await stand.queue.beat(last).nodes == 1)
        let orphans = try await stand.queue.adopt(last, knowing: [3])
        #expect(orphans.map(\.batch.id) == ["b", "c"])
        #expect(orphans.map(\.ending) == [.done(results: "2"), .done(results: "3")])
        // An answer that was not heard is given again.
        #expect(try await stand.queue.adopt(last, knowing: [3]) == orphans)
        #expect(try await stand.queue.held(last) == [1, 2, 3])
        #expect(try await stand.queue.held(lost).isEmpty)
        #expect(try await stand.queue.held(sealed) == [0])
    }

    @Test(arguments: QueuePlace.allCases) func `a node that comes back takes part again`(place: QueuePlace) async throws
    {
        let stand = try place.stand()
        let seat = try await stand.begin([.sample("a")])
        let other = try await stand.queue.join(key, as: "other")
        try await stand.advance(.seconds(61))
        #expect(try await stand.queue.beat(other).nodes == 1)
        #expect(try await stand.queue.beat(seat).nodes == 2)
        let leases = try await stand.queue.lease(seat, .init(count: 1))
        #expect(try await stand.queue.finish(seat, leases.map { EndedLease($0) }).accepted == [0])
    }
}
