import CICore
import Testing

@testable import Orchestrator

/// What every kind of queue does alike.
@Suite(.serialized) struct QueueConformanceTests {
    private let key = QueueKey(run: "r")

    @Test(arguments: QueuePlace.allCases) func `the first node's run stands, and everybody else sees it`(
        place: QueuePlace
    ) async throws {
        let stand = try place.stand()
        #expect(try await stand.queue.run(key) == nil)
        let first = try await stand.queue.open(.sample(), batches: [.sample("a"), .sample("b")])
        var other = QueueRun.sample()
        other.plan = "another"
        let second = try await stand.another().open(other, batches: [.sample("c")])
        #expect(second == first)
        #expect(try await stand.another().run(key) == first)
        let seat = try await stand.another().join(key, as: "late")
        #expect(try await stand.another().beat(seat).waiting == 2)
    }

    @Test(arguments: QueuePlace.allCases) func `attempts of a run are served apart`(place: QueuePlace) async throws {
        let stand = try place.stand()
        _ = try await stand.begin([.sample("a")])
        let again = try await stand.begin([.sample("a")], key: QueueKey(run: "r", attempt: 2))
        #expect(try await stand.queue.lease(again, .init(count: 5)).count == 1)
        #expect(try await stand.queue.openRuns().map(\.key.attempt).sorted() == [1, 2])
    }

    @Test(arguments: QueuePlace.allCases) func `the longest chain of work goes first, and no more than wished`(
        place: QueuePlace
    ) async throws {
        let stand = try place.stand()
        let seat = try await stand.begin([
            .sample("short", 1), .sample("long", 9), .sample("head", 2), .sample("tail", 8, after: ["head"]),
        ])
        #expect(try await stand.queue.lease(seat, .init(count: 2)).map(\.batch.id) == ["head", "long"])
        #expect(try await stand.queue.lease(seat, .init(count: 9)).map(\.batch.id) == ["short"])
        #expect(try await stand.queue.lease(seat, .init(count: 9)).isEmpty)
    }

    @Test(arguments: QueuePlace.allCases) func `a node gets what it can do, whatever the words`(place: QueuePlace)
        async throws
    {
        let stand = try place.stand()
        let odd = "gpu>=1, label=\"it's {a,b}\\\""
        let seat = try await stand.begin([.sample("plain", 1), .sample("gpu", 9, requirement: odd)])
        #expect(try await stand.queue.lease(seat, .init(count: 9, requirements: [""])).map(\.batch.id) == ["plain"])
        let gpu = try await stand.queue.lease(seat, .init(count: 9, requirements: ["", odd]))
        #expect(gpu.map(\.batch.requirement) == [odd])
    }

    @Test(arguments: QueuePlace.allCases) func `names of every kind come back as they were`(place: QueuePlace)
        async throws
    {
        let stand = try place.stand()
        let text = "ü '\"\\{},\t\u{1B}[31m漢 %s $1 ?"
        let key = QueueKey(run: text)
        let batch = SharedBatch(id: BatchID(text), suite: SuiteName(text), units: [UnitID(text)], estimate: .seconds(1))
        _ = try await stand.queue.open(.sample(key), batches: [batch])
        let seat = try await stand.queue.join(key, as: text)
        let lease = try #require(try await stand.queue.lease(seat, .init(count: 1)).first)
        #expect(lease.batch == batch)
        #expect(try await stand.queue.finish(seat, [EndedLease(lease, results: text)]).accepted == [0])
        try await stand.queue.stop(key, because: text)
        #expect(try await stand.queue.beat(seat).stop == text)
    }

    @Test(arguments: QueuePlace.allCases) func `a batch waits for what it comes after`(place: QueuePlace) async throws {
        let stand = try place.stand()
        let seat = try await stand.begin([
            .sample("a", 3), .sample("b", 2), .sample("c", 1, after: ["a", "b", "nobody"]),
            .sample("self", 1, after: ["self"]),
        ])
        let first = try await stand.queue.lease(seat, .init(count: 9))
        #expect(first.map(\.batch.id) == ["a", "b", "self"])
        _ = try await stand.queue.finish(seat, [EndedLease(first[0])])
        // Said again, it counts once.
        #expect(try await stand.queue.finish(seat, [EndedLease(first[0])]).accepted == [0])
        #expect(try await stand.queue.lease(seat, .init(count: 9)).isEmpty)
        _ = try await stand.queue.finish(seat, [EndedLease(first[1])])
        #expect(try await stand.queue.lease(seat, .init(count: 9)).map(\.batch.id) == ["c"])
    }

    @Test(arguments: QueuePlace.allCases) func `results count once, and only from the holder`(place: QueuePlace)
        async throws
    {
        let stand = try place.stand()
        let seat = try await stand.begin([.sample("a")])
        let other = try await stand.queue.join(key, as: "other")
        let lease = try #require(try await stand.queue.lease(seat, .init(count: 1)).first)
        var forged = lease
        forged.token += 1
        #expect(try await stand.queue.finish(other, [EndedLease(lease)]).accepted.isEmpty)
        #expect(try await stand.queue.finish(seat, [EndedLease(forged)]).accepted.isEmpty)
        let answer = try await stand.queue.finish(seat, [EndedLease(lease, failed: 2, results: "x")])
        #expect(answer == EndAnswer(accepted: [0], failures: 2))
        #expect(try await stand.queue.finish(seat, [EndedLease(lease, failed: 2, results: "x")]).failures == nil)
        #expect(try await stand.queue.held(seat) == [0])
    }

    @Test(arguments: QueuePlace.allCases) func `a lost node's batches go to another, and its results come too late`(
        place: QueuePlace
    ) async throws {
        let stand = try place.stand()
        let lost = try await stand.begin([.sample("a"), .sample("b", 2)])
        let old = try await stand.queue.lease(lost, .init(count: 1))
        try await stand.advance(.seconds(61))
        let other = try await stand.queue.join(key, as: "other")
        let progress = try await stand.queue.beat(other)
        #expect((progress.waiting, progress.nodes) == (2, 1))
        let again = try await stand.queue.lease(other, .init(count: 1))
        // What was lost is served before everything else.
        #expect(again.map(\.batch.id) == ["b"])
        #expect(again[0].token > old[0].token)
        #expect(try await stand.queue.finish(lost, old.map { EndedLease($0) }).accepted.isEmpty)
        #expect(try await stand.queue.leases(lost).isEmpty)
        #expect(try await stand.queue.leases(other) == again)
        #expect(try await stand.queue.finish(other, again.map { EndedLease($0) }).accepted == [1])
    }

    @Test(arguments: QueuePlace.allCases) func `a node that is heard of in time keeps its leases`(place: QueuePlace)
        async throws
    {
        let stand = try place.stand()
        let seat = try await stand.begin([.sample("a")])
        let other = try await stand.queue.join(key, as: "other")
        let leases = try await stand.queue.lease(seat, .init(count: 1))
        for _ in 0..<4 {
            try await stand.advance(.seconds(40))
            _ = try await stand.queue.beat(seat)
            _ = try await stand.queue.beat(other)
        }
        #expect(try await stand.queue.finish(seat, leases.map { EndedLease($0) }).accepted == [0])
    }

    @Test(arguments: QueuePlace.allCases) func `what a node gives back goes to another first, and at once`(
        place: QueuePlace
    ) async throws {
        let stand = try place.stand()
        let seat = try await stand.begin([.sample("a"), .sample("b")])
        let other = try await stand.queue.join(key, as: "other")
        let leases = try await stand.queue.lease(seat, .init(count: 2))
        try await stand.queue.release(seat, [leases[0]])
        #expect(try await stand.queue.lease(seat, .init(count: 1)).isEmpty)
        #expect(try await stand.queue.lease(other, .init(count: 1)).map(\.batch.id) == ["a"])
        try await stand.queue.release(seat, nil)
        #expect(try await stand.queue.lease(seat, .init(count: 1)).isEmpty)
        // Nobody came for it.
        try await stand.advance(.seconds(61))
        #expect(try await stand.queue.lease(seat, .init(count: 1)).map(\.batch.id) == ["b"])
    }

    @Test(arguments: QueuePlace.allCases) func `a run that is stopped serves nothing more, and takes what was begun`(
        place: QueuePlace
    ) async throws {
        let stand = try place.stand()
        let seat = try await stand.begin([.sample("a", 3), .sample("b", 2), .sample("c", 1)])
        let other = try await stand.queue.join(key, as: "other")
        let leases = try await stand.queue.lease(seat, .init(count: 1))
        let given = try await stand.queue.lease(other, .init(count: 1))
        try await stand.queue.stop(key, because: "3 tests failed")
        try await stand.queue.stop(key, because: "later")
        #expect(try await stand.queue.lease(other, .init(count: 1)).isEmpty)
        try await stand.queue.release(other, given)
        #expect(try await stand.queue.finish(seat, leases.map { EndedLease($0) }).accepted == [0])
        let progress = try await stand.queue.beat(seat)
        #expect((progress.done, progress.cancelled, progress.stop, progress.isOver) == (1, 2, "3 tests failed", true))
    }

    @Test(arguments: QueuePlace.allCases) func `old runs are forgotten, and say so`(place: QueuePlace) async throws {
        let stand = try place.stand()
        let old = try await stand.begin([.sample("a")])
        try await stand.advance(.seconds(3600))
        _ = try await stand.begin([.sample("a")], key: QueueKey(run: "new"))
        #expect(try await stand.queue.openRuns().map(\.key.run) == ["new", "r"])
        #expect(try await stand.queue.prune(olderThan: .seconds(1800)) == 1)
        #expect(try await stand.queue.openRuns().map(\.key.run) == ["new"])
        let error = await #expect(throws: QueueError.self) { try await stand.another().beat(old) }
        #expect(error?.code == .noRun)
    }

    @Test(arguments: QueuePlace.allCases) func `many workers at once share everything and double nothing`(
        place: QueuePlace
    ) async throws {
        let stand = try place.stand()
        _ = try await stand.begin(
            (0..<300).map { .sample("b\($0)", $0 % 7 + 1, after: $0 % 10 == 9 ? ["b\($0 - 1)"] : []) })
        let taken = try await withThrowingTaskGroup(of: [Int].self) { group in
            for worker in 0..<6 {
                group.addTask {
                    let queue = try stand.another()
                    let seat = try await queue.join(key, as: "worker \(worker)")
                    var taken: [Int] = []
                    while true {
                        let leases = try await queue.lease(seat, .init(count: 1 + worker % 3))
                        if leases.isEmpty {
                            if try await queue.beat(seat).isOver { return taken }
                            await queue.change(within: .milliseconds(20))
                        }
                        taken += try await queue.finish(seat, leases.map { EndedLease($0) }).accepted
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(taken.sorted() == Array(0..<300))
    }
}
