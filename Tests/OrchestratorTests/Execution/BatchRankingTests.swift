import CICore
import Testing

@testable import Orchestrator

struct BatchRankingTests {
    private static func batch(_ name: String, _ seconds: Int, suite: SuiteName = "s") -> QueuedBatch {
        QueuedBatch(
            id: BatchID(name), suite: suite,
            units: [TestUnit(suite: suite, selector: name, granularity: .test)], estimate: .seconds(seconds))
    }

    /// The names of batches as one slot starts them.
    private static func served(_ batches: [QueuedBatch], _ ranking: BatchRanking?) -> [String] {
        var queue = BatchQueue(planned: batches, limits: [:], ranking: ranking)
        var names: [String] = []
        var elapsed = Duration.zero
        while let batch = queue.next() {
            names.append(batch.id.rawValue)
            elapsed += batch.estimate
            queue.finish(batch, after: batch.estimate)
            _ = queue.reach(elapsed)
        }
        return names
    }

    @Test(arguments: ["max-parallel", "simple"])
    func `some strategies leave the order to the plan`(name: String) throws {
        let batches = [Self.batch("c", 1), Self.batch("a", 3), Self.batch("b", 2)]
        let ranking = BatchRanking(
            try #require(SchedulingStrategies.named(name)), batches: batches, risks: ["s::b": 1], slots: 1)
        #expect(Self.served(batches, ranking) == ["c", "a", "b"])
    }

    @Test func `historical begins with what fails soonest`() {
        let batches = [Self.batch("long", 60), Self.batch("slow-risk", 30), Self.batch("quick-risk", 3)]
        let ranking = BatchRanking(
            HistoricalStrategy(), batches: batches, risks: ["s::slow-risk": 0.9, "s::quick-risk": 0.4], slots: 1)
        #expect(Self.served(batches, ranking) == ["quick-risk", "slow-risk", "long"])
    }

    @Test func `fair gives the suites their turns by time, not by batches`() {
        let batches =
            [Self.batch("a1", 30, suite: "a"), Self.batch("a2", 30, suite: "a")]
            + (1...6).map { Self.batch("b\($0)", 10, suite: "b") }
        let ranking = BatchRanking(FairStrategy(), batches: batches, slots: 1)
        #expect(Self.served(batches, ranking) == ["a1", "b1", "b2", "b3", "a2", "b4", "b5", "b6"])
    }

    @Test func `deadline does what can be done when not all can`() {
        let batches = [
            Self.batch("hopeless", 100), Self.batch("long", 20), Self.batch("short", 5), Self.batch("mid", 10),
        ]
        let ranking = BatchRanking(DeadlineStrategy(), batches: batches, slots: 1, deadline: .seconds(40))
        #expect(Self.served(batches, ranking) == ["short", "mid", "long", "hopeless"])
        let easy = BatchRanking(DeadlineStrategy(), batches: batches, slots: 1, deadline: .seconds(400))
        #expect(Self.served(batches, easy) == ["hopeless", "long", "mid", "short"])
    }

    @Test func `adaptive turns to what fails when many do, and says so once`() {
        let batches = (0..<8).map { Self.batch("t\($0)", 80 - $0) } + [Self.batch("risky", 1)]
        var ranking = BatchRanking(AdaptiveStrategy(), batches: batches, risks: ["s::risky": 0.9], slots: 1)
        #expect(ranking.news() == nil)
        #expect(ranking.rank(of: batches[0]) < ranking.rank(of: batches[8]))
        for batch in batches[..<4] {
            ranking.start(batch)
            ranking.finish(batch, after: batch.estimate, hasFailed: true)
        }
        #expect(ranking.rank(of: batches[8]) < ranking.rank(of: batches[4]))
        for _ in 0..<2 { #expect(ranking.news() == nil) }
        #expect(ranking.turns == ["strategy adaptive goes on as historical: 4 of 4 batches failed"])
    }

    @Test func `what will not fit is said once, as soon as it shows`() {
        let batches = [Self.batch("a", 10), Self.batch("b", 10), Self.batch("c", 10)]
        var ranking = BatchRanking(MaxParallelStrategy(), batches: batches, slots: 1, deadline: .seconds(35))
        ranking.start(batches[0])
        ranking.reach(.seconds(10))
        #expect(ranking.news() == nil)
        ranking.finish(batches[0], after: .seconds(20), hasFailed: false)
        ranking.reach(.seconds(20))
        #expect(ranking.news() == "the deadline of 35.0 s will be missed: 40.0 s expected in all")
        ranking.reach(.seconds(21))
        #expect(ranking.news() == nil)
    }

    @Test func `what runs counts for what is left of it`() {
        let batches = [Self.batch("a", 10), Self.batch("b", 10)]
        var ranking = BatchRanking(MaxParallelStrategy(), batches: batches, slots: 2, deadline: .seconds(11))
        for batch in batches { ranking.start(batch) }
        ranking.reach(.seconds(9))
        ranking.finish(batches[0], after: .seconds(9), hasFailed: false)
        #expect(ranking.news() == nil)
    }

    @Test func `serial batches and slot limits hold under every strategy`() {
        let limits: [SuiteName: BatchQueue.SuiteLimits] = ["one": .init(slots: 1), "alone": .init(isSerial: true)]
        for strategy in SchedulingStrategies.all {
            let batches = (0..<12).map { number in
                Self.batch("b\(number)", 12 - number, suite: ["one", "alone", "free"][number % 3])
            }
            let ranking = BatchRanking(strategy, batches: batches, risks: ["alone::b1": 0.9], slots: 4)
            var queue = BatchQueue(planned: batches, limits: limits, ranking: ranking)
            var running: [QueuedBatch] = []
            var ended = 0
            while !(queue.isEmpty && running.isEmpty) {
                while running.count < 4, let batch = queue.next() { running.append(batch) }
                #expect(running.count { $0.suite == "one" } <= 1)
                if running.contains(where: { $0.suite == "alone" }) { #expect(running.count == 1) }
                guard !running.isEmpty else { break }
                queue.finish(running.removeFirst(), after: .seconds(1))
                ended += 1
            }
            #expect(ended == 12)
        }
    }
}
