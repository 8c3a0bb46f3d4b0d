import CICore
import FoundationEssentials
import SystemPackage
import TestHistory
import Testing

/// A kind of store that has to pass the suite below.
struct StoreUnderTest: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var open: @Sendable (FilePath, HistoryPolicy) throws -> any HistoryStore

    static let all = [
        StoreUnderTest(testDescription: "SQLite") { directory, policy in
            try SQLiteHistoryStore(path: directory.appending("history.db"), policy: policy)
        }
    ]

    /// Gives an empty store to the body.
    func fresh(
        _ policy: HistoryPolicy = HistoryPolicy(), _ body: (any HistoryStore) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { try await body(try open($0, policy)) }
    }
}

/// What every history store does.
@Suite struct HistoryStoreTests {
    private let second = Duration.seconds(1)

    @Test(arguments: StoreUnderTest.all)
    func `an empty store knows nothing and says so`(store: StoreUnderTest) async throws {
        try await store.fresh { store in
            let model = try store.durations(suite: Sample.suite, hardware: Sample.linux)
            #expect(model.isEmpty)
            #expect(model.invocation == nil)
            #expect(try store.timings(HistoryQuery()).isEmpty)
            #expect(try store.flaky(HistoryQuery()).isEmpty)
            #expect(try store.results(of: "unit::a", limit: 10).isEmpty)
            #expect(try store.extent() == HistoryExtent(schema: 3, runs: 0, tests: 0))
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `a complete run teaches what its tests take`(store: StoreUnderTest) async throws {
        try await store.fresh { store in
            try store.record(Sample.run(1, tests: [Sample.test("a", (.passed, .milliseconds(1234)))]))
            let model = try store.durations(suite: Sample.suite, hardware: Sample.linux)
            let estimate = model.estimate(test: "a", container: "tests/test_a.py", default: second)
            #expect(estimate == Estimate(.milliseconds(1234), basis: .history(samples: 1)))
            #expect(model.borrowedFrom == nil)
        }
    }

    @Test(
        arguments: StoreUnderTest.all,
        [
            Sample.run(2, complete: false, tests: [Sample.test("a", (.passed, .seconds(9)))]),
            Sample.run(2, tests: [Sample.test("a", (.failed, .seconds(9)))]),
            Sample.run(2, tests: [Sample.test("a", (.errored, .seconds(9)))]),
            Sample.run(2, tests: [Sample.test("a", (.skipped, .seconds(9)))]),
            Sample.run(2, tests: [Sample.test("a", (.failed, .seconds(9)), (.passed, .seconds(9)))]),
            Sample.run(2, tests: [Sample.test("a", (.passed, .seconds(9)), (.passed, .seconds(9)))]),
            Sample.run(2, tests: [Sample.test("a", (.passed, .zero)), Sample.test("b", (.passed, .zero))]),
        ])
    func `partial runs and failed, skipped, retried or untimed tests never teach`(
        store: StoreUnderTest, run: HistoricalRun
    ) async throws {
        try await store.fresh { store in
            try store.record(Sample.run(1, tests: [Sample.test("a", (.passed, .seconds(1)))]))
            try store.record(run)
            let timings = try store.timings(HistoryQuery())
            #expect(timings.map(\.learnt) == [TestTiming.Learnt(typical: second, upper: second, samples: 1)])
            #expect(try store.results(of: "unit::a", limit: 10).count == 2)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `the estimate looks at the last samples only`(store: StoreUnderTest) async throws {
        try await store.fresh(HistoryPolicy(samples: 3)) { store in
            for number in 1...6 {
                let duration = number <= 3 ? 100 : 2
                try store.record(Sample.run(number, tests: [Sample.test("a", (.passed, .seconds(duration)))]))
            }
            let learnt = try #require(store.timings(HistoryQuery()).first?.learnt)
            #expect(learnt == TestTiming.Learnt(typical: .seconds(2), upper: .seconds(100), samples: 3))
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `the order of recording does not matter`(store: StoreUnderTest) async throws {
        let runs = (1...12).map { number in
            Sample.run(number, tests: [Sample.test("a", (.passed, .milliseconds(number * number * 7 % 101)))])
        }
        var answers: Set<[TestTiming]> = []
        for order in [runs, runs.reversed(), runs.shuffled()] {
            try await store.fresh { store in
                for run in order { try store.record(run) }
                answers.insert(try store.timings(HistoryQuery()))
            }
        }
        #expect(answers.count == 1)
    }

    @Test(arguments: StoreUnderTest.all)
    func `a run recorded twice counts once`(store: StoreUnderTest) async throws {
        try await store.fresh { store in
            try store.record(Sample.run(1, tests: [Sample.test("gone", (.passed, second))]))
            try store.record(Sample.run(1, tests: [Sample.test("a", (.passed, second))]))
            #expect(try store.results(of: "unit::a", limit: 10).count == 1)
            #expect(try store.timings(HistoryQuery()).map(\.selector) == ["a"])
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `a name used twice in one run counts once, with the worst outcome and the sum`(
        store: StoreUnderTest
    ) async throws {
        try await store.fresh { store in
            let tests = [Sample.test("a", (.failed, .seconds(1))), Sample.test("a", (.passed, .seconds(2)))]
            try store.record(Sample.run(1, tests: tests))
            let result = try #require(store.results(of: "unit::a", limit: 10).first)
            #expect(result.outcome == .failed)
            #expect(result.duration == .seconds(3))
            #expect(try store.timings(HistoryQuery()).isEmpty)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `hardware that never ran the suite borrows from the class that knows most`(
        store: StoreUnderTest
    ) async throws {
        try await store.fresh { store in
            let one = Sample.test("a", (.passed, .seconds(1)))
            let two = [Sample.test("a", (.passed, .seconds(5))), Sample.test("b", (.passed, .seconds(5)))]
            try store.record(Sample.run(1, on: "small", tests: [one]))
            try store.record(Sample.run(2, on: "big", tests: two))
            let borrowed = try store.durations(suite: Sample.suite, hardware: "other")
            #expect(borrowed.borrowedFrom == "big")
            #expect(borrowed.count == 2)
            let own = try store.durations(suite: Sample.suite, hardware: "small")
            #expect(own.borrowedFrom == nil)
            #expect(own.count == 1)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `suites do not mix`(store: StoreUnderTest) async throws {
        try await store.fresh { store in
            var other = Sample.test("a", (.passed, .seconds(50)))
            other.identity.suite = "other"
            other.id = TestID(suite: "other", selector: "a")
            try store.record(Sample.run(1, tests: [Sample.test("a", (.passed, .seconds(1))), other]))
            let model = try store.durations(suite: "other", hardware: Sample.linux)
            #expect(model.estimate(container: "tests/test_a.py", default: second).duration == .seconds(50))
            #expect(try store.timings(HistoryQuery(suite: "unit")).count == 1)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `a file is the sum of the tests of its last complete run`(store: StoreUnderTest) async throws {
        try await store.fresh { store in
            let deleted = Sample.test("deleted", (.passed, .seconds(100)))
            let kept = Sample.test("kept", (.passed, .seconds(2)))
            try store.record(Sample.run(1, tests: [deleted, kept]))
            try store.record(Sample.run(2, tests: [kept, Sample.test("new", (.passed, .seconds(3)))]))
            try store.record(Sample.run(3, complete: false, tests: [kept]))
            let model = try store.durations(suite: Sample.suite, hardware: Sample.linux)
            #expect(model.estimate(container: "tests/test_a.py", default: second).duration == .seconds(5))
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `a test that failed in the last run still counts in its file`(store: StoreUnderTest) async throws {
        try await store.fresh { store in
            let pass = Sample.test("b", (.passed, .seconds(2)))
            try store.record(Sample.run(1, tests: [Sample.test("a", (.passed, .seconds(3))), pass]))
            try store.record(Sample.run(2, tests: [Sample.test("a", (.failed, .seconds(1))), pass]))
            let model = try store.durations(suite: Sample.suite, hardware: Sample.linux)
            #expect(model.estimate(container: "tests/test_a.py", default: second).duration == .seconds(5))
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `the fixed cost of an invocation is learnt from complete runs`(store: StoreUnderTest) async throws {
        try await store.fresh { store in
            func batches(_ cost: Int) -> [HistoricalRun.BatchTiming] {
                (1...4).map { number in
                    HistoricalRun.BatchTiming(
                        suite: Sample.suite, units: number, wall: .seconds(cost + number), tests: .seconds(number))
                }
            }
            let test = Sample.test("a", (.passed, .seconds(1)))
            try store.record(Sample.run(1, tests: [test], batches: batches(2)))
            try store.record(Sample.run(2, complete: false, tests: [test], batches: batches(90)))
            let model = try store.durations(suite: Sample.suite, hardware: Sample.linux)
            #expect(model.invocation == InvocationCost(fixed: .seconds(2), samples: 4))
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `flaky tests are those that passed after failing on one commit`(store: StoreUnderTest) async throws {
        try await store.fresh { store in
            let broken = Sample.test("broken", (.failed, second))
            let retried = Sample.test("retried", (.failed, second), (.passed, second))
            let stable = Sample.test("stable", (.passed, second))
            try store.record(
                Sample.run(
                    1, complete: false, commit: "c1",
                    tests: [broken, retried, stable, Sample.test("x", (.failed, second))]))
            try store.record(Sample.run(2, commit: "c1", tests: [stable, Sample.test("x", (.passed, second))]))
            try store.record(Sample.run(3, commit: "c2", tests: [Sample.test("broken", (.passed, second)), stable]))
            let flaky = try store.flaky(HistoryQuery())
            #expect(flaky.map(\.test) == ["unit::retried", "unit::x"])
            #expect(flaky.map(\.runs) == [1, 2])
            #expect(flaky.map(\.flakyRuns) == [1, 1])
            #expect(flaky.map(\.lastSeen) == [Sample.time(1), Sample.time(1)])
            #expect(try store.flaky(HistoryQuery(limit: 1)).count == 1)
            #expect(try store.flaky(HistoryQuery(suite: "other")).isEmpty)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `a failure on other hardware is not flaky`(store: StoreUnderTest) async throws {
        try await store.fresh { store in
            try store.record(Sample.run(1, on: "arm", commit: "c", tests: [Sample.test("a", (.failed, second))]))
            try store.record(Sample.run(2, on: "x86", commit: "c", tests: [Sample.test("a", (.passed, second))]))
            #expect(try store.flaky(HistoryQuery()).isEmpty)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `results come back as they were recorded, newest first`(store: StoreUnderTest) async throws {
        try await store.fresh { store in
            try store.record(Sample.run(1, commit: "c1", tests: [Sample.test("a", (.passed, .milliseconds(10)))]))
            let flaky = Sample.test("a", (.errored, .seconds(4)), (.passed, .milliseconds(12)))
            try store.record(Sample.run(2, complete: false, tests: [flaky]))
            let results = try store.results(of: "unit::a", limit: 10)
            #expect(results.map(\.run.id) == ["run-2", "run-1"])
            #expect(results.map(\.isFlaky) == [true, false])
            #expect(results.map(\.attempts) == [2, 1])
            #expect(results.map(\.duration) == [.milliseconds(12), .milliseconds(10)])
            #expect(results.map(\.run.isComplete) == [false, true])
            #expect(results.map(\.run.commit) == [nil, "c1"])
            #expect(results.map(\.run.startedAt) == [Sample.time(2), Sample.time(1)])
            var all: [PastResult] = []
            try store.forEachResult(HistoryQuery()) { all.append($0) }
            #expect(all == results.reversed())
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `an error of the body ends the walk and comes out as it is`(store: StoreUnderTest) async throws {
        struct Stop: Error {}
        try await store.fresh { store in
            try store.record(
                Sample.run(1, tests: [Sample.test("a", (.passed, second)), Sample.test("b", (.passed, second))]))
            var seen = 0
            #expect(throws: Stop.self) {
                try store.forEachResult(HistoryQuery()) { _ in
                    seen += 1
                    throw Stop()
                }
            }
            #expect(seen == 1)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `a test is found by a part of its id, an exact one alone`(store: StoreUnderTest) async throws {
        try await store.fresh { store in
            let names = ["login", "login_twice", "100%_'\"", "log\0in"]
            try store.record(Sample.run(1, tests: names.map { Sample.test($0, (.passed, second)) }))
            #expect(try store.tests(matching: "login", limit: 10) == ["unit::login", "unit::login_twice"])
            #expect(try store.tests(matching: "unit::login", limit: 10) == ["unit::login"])
            #expect(try store.tests(matching: "%_'", limit: 10) == ["unit::100%_'\""])
            #expect(try store.tests(matching: "log\0", limit: 10) == ["unit::log\u{FFFD}in"])
            #expect(try store.tests(matching: "LOGIN", limit: 10).isEmpty)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `pruning keeps the last results of each test and drops what has none`(store: StoreUnderTest) async throws {
        try await store.fresh { store in
            for number in 1...8 {
                let name = number == 1 ? "old" : "a"
                try store.record(Sample.run(number, tests: [Sample.test(name, (.passed, .seconds(number)))]))
            }
            #expect(try store.prune(HistoryPolicy(resultsPerTest: 3, runs: 7)) == 5)
            #expect(try store.results(of: "unit::a", limit: 10).map(\.run.id) == ["run-8", "run-7", "run-6"])
            #expect(try store.tests(matching: "", limit: 10) == ["unit::a"])
            #expect(try store.prune(HistoryPolicy(resultsPerTest: 3, runs: 7)) == 0)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `growth is bounded without anybody pruning`(store: StoreUnderTest) async throws {
        try await store.fresh(HistoryPolicy(resultsPerTest: 4, runs: 40)) { store in
            for number in 1...64 {
                try store.record(Sample.run(number, tests: [Sample.test("a", (.passed, second))]))
            }
            #expect(try store.results(of: "unit::a", limit: 1000).count <= 20)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `names of a megabyte and absurd durations are survived`(store: StoreUnderTest) async throws {
        try await store.fresh { store in
            let huge = Sample.test(String(repeating: "x", count: 1 << 20), (.passed, second))
            let endless = Sample.test("endless", (.passed, .seconds(Int64.max / 2)))
            let negative = Sample.test("negative", (.passed, .seconds(-5)))
            try store.record(Sample.run(1, tests: [huge, endless, negative]))
            let model = try store.durations(suite: Sample.suite, hardware: Sample.linux)
            #expect(model.count == 2)
            #expect(model.estimate(test: "negative", container: "tests/test_a.py", default: second).duration > .zero)
            #expect(try #require(model.upperBound(container: "tests/test_a.py")) > .seconds(86_400 * 365))
        }
    }
}

/// What a run is compared with.
extension HistoryStoreTests {
    private func run(
        _ number: Int, _ commit: String?, _ outcome: Outcome, on branch: String = "main", complete: Bool = true
    ) -> HistoricalRun {
        var run = Sample.run(
            number, complete: complete, commit: commit, tests: [Sample.test("a", (outcome, .seconds(number)))])
        run.source.branch = branch
        return run
    }

    @Test(arguments: StoreUnderTest.all)
    func `the baseline is the merge base, else the last complete run of the branch`(store: StoreUnderTest) async throws
    {
        try await store.fresh { store in
            #expect(try store.baseline(BaselineQuery()) == nil)
            try store.record(run(1, "c1", .passed))
            try store.record(run(2, "c2", .failed))
            try store.record(run(3, "c3", .passed, complete: false))
            try store.record(run(4, "c4", .passed, on: "topic"))
            let base = try store.baseline(BaselineQuery(mergeBase: "c1", branch: "main"))
            #expect(base?.point.choice == .mergeBase)
            #expect(base?.tests["unit::a"]?.outcome == .passed)
            let last = try store.baseline(BaselineQuery(mergeBase: "unknown", branch: "main"))
            #expect(last?.point == .init(choice: .branch, commit: "c2", branch: "main", at: Sample.time(2)))
            #expect(last?.tests["unit::a"]?.duration == .seconds(2))
            #expect(try store.baseline(BaselineQuery(branch: "main", commit: "c2"))?.point.commit == "c1")
            #expect(try store.baseline(BaselineQuery())?.point.commit == "c4")
            #expect(try store.baseline(BaselineQuery(branch: "other")) == nil)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `a failure is followed back to where it began`(store: StoreUnderTest) async throws {
        try await store.fresh { store in
            let outcomes: [Outcome] = [.failed, .passed, .failed, .skipped, .errored, .failed]
            for (number, outcome) in outcomes.enumerated() {
                try store.record(run(number * 2, "c\(number)", outcome))
                try store.record(run(number * 2 + 1, "t\(number)", .passed, on: "topic"))
            }
            let state = try store.baseline(BaselineQuery(branch: "main"))?.tests["unit::a"]
            #expect(state?.failing == .init(commit: "c2", at: Sample.time(4), runs: 3))
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `the last outcomes of tests come oldest first, a flaky pass told apart`(store: StoreUnderTest) async throws {
        try await store.fresh { store in
            let second = self.second
            let runs: [TestRecord] = [
                Sample.test("a::b", (.skipped, second)), Sample.test("a::b", (.failed, second)),
                Sample.test("a::b", (.failed, second), (.passed, second)), Sample.test("a::b", (.errored, second)),
                Sample.test("a::b", (.passed, second)),
            ]
            for (number, test) in runs.enumerated() { try store.record(Sample.run(number + 1, tests: [test])) }
            let past = try store.pastOutcomes(of: ["unit::a::b", "unit::gone", "other::a::b", ""], limit: 4)
            #expect(past == ["unit::a::b": [.failed, .flaky, .failed, .passed]])
        }
    }
}
