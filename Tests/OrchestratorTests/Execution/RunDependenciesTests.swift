import CICore
import Testing

@testable import Orchestrator

struct RunDependenciesTests {
    private typealias Make = DependencyFixtures

    /// A run of a plan on imaginary slots.
    private struct Play {
        var state: RunState
        var runner: ImaginaryRunner
        /// Selectors in the order in which their batches began, with the attempt.
        var starts: [(selector: String, attempt: Int)] = []

        init(
            _ sources: [DependencyResolver.Source], _ fates: [String: ImaginaryRunner.Fate] = [:], retries: Int = 0,
            settings: RunSettings = RunSettings(), slots: Int = 2
        ) throws {
            let request = try Make.request(sources, slots: slots)
            let units = Dictionary(uniqueKeysWithValues: sources.flatMap(\.units).map { ($0.id, $0) })
            let planned = Planner.plan(request).nodes.flatMap(\.batches).map { batch in
                QueuedBatch(
                    id: batch.id, suite: batch.suite, units: batch.units.compactMap { units[$0] },
                    estimate: batch.estimate, after: batch.after)
            }
            state = RunState(
                planned: planned,
                suites: Dictionary(uniqueKeysWithValues: sources.map { ($0.name, .init(retries: retries)) }),
                settings: settings, dependencies: request.dependencies)
            var all = Dictionary(
                sources.flatMap(\.units).map { ($0.selector, ImaginaryRunner.Fate.passes) }
            ) { first, _ in first }
            all.merge(fates) { $1 }
            runner = ImaginaryRunner(fates: all)
        }

        /// To the end; what began is noted in its order.
        mutating func run(slots: Int = 2) {
            var running: [QueuedBatch] = []
            for _ in 0..<2_000 where !state.isFinished {
                while running.count < slots, let next = state.next() {
                    starts += next.units.map { ($0.selector, next.attempt) }
                    running.append(next)
                }
                guard !running.isEmpty else { break }
                state.finish(runner.run(running.removeFirst()))
            }
        }

        func outcome(_ id: TestID) -> Outcome? { state.ledger[id]?.outcome }
        func because(_ id: TestID) -> TestID? { state.ledger[id]?.attempts.last?.reason?.because }
    }

    private func suites(_ rules: [TestRule]) -> [DependencyResolver.Source] {
        [Make.source("s", ["a", "b", "c", "d"], .init(rules: rules))]
    }

    @Test func `what waits for a failed test is left out by name, and so is what waits for that`() throws {
        var play = try Play(
            suites([Make.rule("b", after: "s::a"), Make.rule("c", after: "s::b")]), ["a": .fails])
        play.run()
        #expect(play.outcome("s::a") == .failed)
        for id in ["s::b", "s::c"] as [TestID] {
            #expect(play.outcome(id) == .skipped)
            #expect(play.because(id) == "s::a")
            #expect(play.state.ledger[id]?.attempts.first?.reason?.message == "not run because s::a did not pass")
        }
        #expect(play.outcome("s::d") == .passed)
        #expect(play.state.ledger.lost().isEmpty)
        let results = VerdictRules(state: play.state, circumstances: .init()).results()
        #expect(results.completeness?.ran == 2)
        #expect(results.completeness?.skipped == 2)
        #expect(results.completeness?.discovered == 4)
    }

    @Test func `a test that passes when it is tried again lets go what waits for it`() throws {
        var play = try Play(suites([Make.rule("b", after: "s::a")]), ["a": .flaky(times: 2)], retries: 2)
        play.run()
        #expect(play.outcome("s::b") == .passed)
        let retry = try #require(play.starts.lastIndex { $0.selector == "a" && $0.attempt == 3 })
        let waiting = try #require(play.starts.firstIndex { $0.selector == "b" })
        #expect(waiting > retry)
    }

    @Test(arguments: [ImaginaryRunner.Fate.kills, .hangs, .vanishes])
    func `a test that kills, hangs or vanishes did not pass`(fate: ImaginaryRunner.Fate) throws {
        var play = try Play(suites([Make.rule("b", after: "s::a")]), ["a": fate], retries: 1)
        play.run()
        #expect(play.outcome("s::b") == .skipped)
        #expect(play.because("s::b") == "s::a")
    }

    @Test func `a teardown runs however the tests ended, and last`() throws {
        let sources = [
            Make.source("up", ["u"], .init(teardown: "down")), Make.source("down", ["x"]),
            Make.source("api", ["a", "b"], .init(setup: ["up"])),
        ]
        var play = try Play(sources, ["a": .fails])
        play.run()
        #expect(play.starts.first?.selector == "u")
        #expect(play.starts.last?.selector == "x")
        #expect(play.outcome("down::x") == .passed)
    }

    @Test func `a setup that failed leaves its suite out, and is cleaned up`() throws {
        let sources = [
            Make.source("up", ["u"], .init(teardown: "down")), Make.source("down", ["x"]),
            Make.source("api", ["a", "b"], .init(setup: ["up"])),
        ]
        var play = try Play(sources, ["u": .fails])
        play.run()
        #expect(play.outcome("api::a") == .skipped)
        #expect(play.because("api::b") == "up::u")
        #expect(play.outcome("down::x") == .passed)
    }

    @Test func `a setup that never began is not cleaned up`() throws {
        let sources = [
            Make.source("build", ["make"]),
            Make.source("up", ["u"], .init(after: Make.after("build"), teardown: "down")), Make.source("down", ["x"]),
        ]
        var play = try Play(sources, ["make": .fails])
        play.run()
        #expect(play.outcome("down::x") == .skipped)
        #expect(play.because("down::x") == "build::make")
        #expect(play.state.ledger.lost().isEmpty)
    }

    @Test func `fail-fast ends the run, and what began is cleaned up`() throws {
        let many = (0..<40).map { "t\($0)" }
        let sources = [
            Make.source("up", ["u"], .init(teardown: "down")), Make.source("down", ["x"]),
            Make.source("api", many, .init(setup: ["up"], rules: [Make.rule("t39", after: "api::t0")])),
        ]
        var settings = RunSettings()
        settings.failFast = 1
        var play = try Play(sources, ["t0": .fails], settings: settings)
        play.run()
        #expect(play.state.stop == .failFast(failures: 1))
        #expect(play.outcome("down::x") == .passed)
        #expect(play.state.isFinished)
    }

    @Test func `a signal ends the run without cleaning up`() throws {
        let sources = [
            Make.source("up", ["u"], .init(teardown: "down")), Make.source("down", ["x"]),
            Make.source("api", ["a"], .init(setup: ["up"])),
        ]
        var play = try Play(sources)
        let next = play.state.next()
        let first = try #require(next)
        play.state.finish(play.runner.run(first))
        play.state.end(because: .signal(15))
        let isFinished = play.state.isFinished
        #expect(isFinished)
        #expect(Set(play.state.ledger.lost()) == ["api::a", "down::x"])
    }

    @Test func `a semaphore's places are never exceeded`() throws {
        var sources = [Make.source("s", (0..<12).map { "t\($0)" })]
        for index in sources[0].units.indices {
            sources[0].units[index].constraints.exclusive = [.init(name: "db", count: 1, capacity: 2)]
        }
        var play = try Play(sources, slots: 4)
        var running: [QueuedBatch] = []
        var most = 0
        while !play.state.isFinished {
            while running.count < 4, let next = play.state.next() { running.append(next) }
            most = max(most, running.count)
            play.state.finish(play.runner.run(running.removeFirst()))
        }
        #expect(most == 2)
    }

    @Test func `batches that wait for each other cannot hang a run`() {
        let unit = { (name: String) in Make.units("s", [name])[0] }
        let batches = [("b0", "b1"), ("b1", "b0")].enumerated().map { index, ids in
            QueuedBatch(
                id: BatchID(ids.0), suite: "s", units: [unit("t\(index)")], estimate: .seconds(1),
                after: [BatchID(ids.1)])
        }
        var state = RunState(planned: batches, suites: ["s": .init()])
        var runner = ImaginaryRunner(fates: ["t0": .passes, "t1": .passes])
        #expect(drive(&state, &runner) == 2)
        #expect(state.ledger.lost().isEmpty)
    }

    @Test(arguments: 0..<80 as Range<UInt64>)
    func `whatever happens, nothing runs before what it waits for has passed`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let names = (0..<Int.random(in: 3...30, using: &generator)).map { "t\($0)" }
        var rules: [TestRule] = []
        var before: [String: [String]] = [:]
        for index in names.indices.dropFirst() where Int.random(in: 0..<2, using: &generator) == 0 {
            let first = names[Int.random(in: 0..<index, using: &generator)]
            rules.append(Make.rule(names[index], after: "s::\(first)"))
            before[names[index], default: []].append(first)
        }
        var source = Make.source("s", names, .init(rules: rules))
        // A pattern such as t1 means that test alone.
        for index in source.units.indices where Int.random(in: 0..<8, using: &generator) == 0 {
            source.units[index].constraints.isSerial = true
        }
        var fates: [String: ImaginaryRunner.Fate] = [:]
        for name in names {
            let all: [ImaginaryRunner.Fate] = [
                .passes, .passes, .passes, .passes, .passes, .fails, .flaky(times: 1), .kills, .killsOnce, .hangs,
                .vanishes,
            ]
            fates[name] = all.randomElement(using: &generator)
        }
        let slots = Int.random(in: 1...3, using: &generator)
        var play = try Play([source], fates, retries: Int.random(in: 0...2, using: &generator), slots: slots)
        play.runner.namesRunning = Bool.random(using: &generator)
        play.run(slots: slots)
        let isFinished = play.state.isFinished
        #expect(isFinished)
        let lost = Set(play.state.ledger.lost())
        for name in names {
            let id = TestID(suite: "s", selector: name)
            #expect(play.state.ledger[id] != nil || lost.contains(id), "\(name) is neither reported nor lost")
            let hasRun = play.runner.executions[name, default: 0] > 0
            for first in before[name] ?? [] {
                let outcome = play.outcome(TestID(suite: "s", selector: first))
                #expect(!hasRun || outcome == .passed, "\(name) ran although \(first) came to \(outcome as Any)")
                if outcome != .passed { #expect(play.because(id) != nil) }
            }
        }
    }
}
