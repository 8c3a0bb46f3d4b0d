import CICore
import FoundationEssentials
import TestHistory
import Testing

@Suite struct DurationModelTests {
    private func timing(
        _ selector: String, in container: String, _ milliseconds: Int, samples: Int = 10, run: Int = 1
    ) -> TestTiming {
        TestTiming(
            suite: Sample.suite, selector: selector, container: container, hardware: Sample.linux,
            learnt: TestTiming.Learnt(
                typical: .milliseconds(milliseconds), upper: .milliseconds(milliseconds * 2), samples: samples),
            seenAt: Sample.time(run))
    }

    private func model(_ timings: [TestTiming]) -> DurationModel {
        DurationModel(suite: Sample.suite, timings: timings)
    }

    private let fallback = Duration.milliseconds(77)

    @Test func `what is known is its own estimate`() {
        let model = model([timing("a.py::x", in: "a.py", 5), timing("a.py::y", in: "a.py", 7, samples: 2)])
        #expect(
            model.estimate(test: "a.py::x", container: "a.py", default: fallback)
                == Estimate(.milliseconds(5), basis: .history(samples: 10)))
        #expect(
            model.estimate(container: "a.py", default: fallback)
                == Estimate(.milliseconds(12), basis: .history(samples: 2)))
    }

    @Test func `an empty model gives the runner's default`() {
        let model = DurationModel.empty(suite: Sample.suite)
        #expect(model.estimate(container: "a.py", default: fallback) == Estimate(fallback, basis: .runnerDefault))
        #expect(model.estimate(test: "x", container: "a.py", default: .zero).duration > .zero)
        #expect(model.upperBound(container: "a.py") == nil)
        #expect(model.upperBound(test: "x", container: "a.py") == nil)
    }

    @Test func `what is unknown takes the 75th percentile of its directory`() {
        let timings =
            (1...4).map { timing("t/f\($0).py::x", in: "t/f\($0).py", $0 * 10) } + [timing("u::x", in: "u/u.py", 999)]
        let model = model(timings)
        let expected = Estimate(.milliseconds(30), basis: .directory("t"))
        #expect(model.estimate(container: "t/new.py", default: fallback) == expected)
        #expect(model.estimate(test: "t/new.py::x", container: "t/new.py", default: fallback) == expected)
        #expect(model.estimate(test: "t/f1.py::new", container: "t/f1.py", default: fallback) == expected)
        #expect(model.estimate(container: "t/deep/new.py", default: fallback) == expected)
    }

    @Test(arguments: [
        ("a.py::C", 9), ("a.py::C::m", 3), ("a.py::C::m[1]", 1), ("a.py::Cl", 100), ("a.py", 109),
    ])
    func `a class or a parameterised test is the sum of its members`(selector: String, milliseconds: Int) {
        let model = model([
            timing("a.py::C::m[1]", in: "a.py", 1), timing("a.py::C::m[2]", in: "a.py", 2),
            timing("a.py::C::n", in: "a.py", 6), timing("a.py::Cl::m", in: "a.py", 100),
        ])
        let estimate = model.estimate(test: selector, container: "a.py", default: fallback)
        #expect(estimate.duration == .milliseconds(milliseconds))
    }

    @Test func `subtests within their parent's time count once`() {
        let model = model([
            timing("TestA", in: "./p", 10), timing("TestA/x", in: "./p", 6), timing("TestA/x/y", in: "./p", 6),
            timing("TestB/only", in: "./p", 5),
        ])
        #expect(model.estimate(container: "./p", default: fallback).duration == .milliseconds(15))
    }

    @Test func `a file that lost a test is the sum of its last run`() {
        let model = model([timing("old", in: "a.py", 100, run: 1), timing("new", in: "a.py", 3, run: 2)])
        #expect(model.estimate(container: "a.py", default: fallback).duration == .milliseconds(3))
    }

    @Test func `the limit is generous where little is known`() throws {
        let model = model([timing("a", in: "f", 100), timing("b", in: "g", 100, samples: 1)])
        #expect(model.upperBound(test: "a", container: "f") == .milliseconds(720))
        #expect(model.upperBound(container: "g") == .milliseconds(1800))
        #expect(
            (1...50).allSatisfy { DurationModel.limitFactor(samples: $0) > DurationModel.limitFactor(samples: $0 + 1) })
        #expect(DurationModel.limitFactor(samples: 0) == 9)
    }

    @Test func `estimates are never zero, scale with what was seen and ignore the order`() {
        for _ in 0..<50 {
            let timings = (0..<Int.random(in: 1...60)).map { number in
                timing("t\(number)", in: "d\(number % 3)/f\(number % 7)", Int.random(in: 0...500), run: number % 2)
            }
            let scaled = timings.map { timing in
                var copy = timing
                copy.learnt.typical = timing.learnt.typical * 4
                copy.learnt.upper = timing.learnt.upper * 4
                return copy
            }
            let (one, four, mixed) = (model(timings), model(scaled), model(timings.shuffled()))
            for container in (0..<9).map({ "d\($0 % 4)/f\($0)" }) {
                let estimate = one.estimate(container: container, default: fallback)
                #expect(estimate.duration > .zero)
                #expect(estimate == mixed.estimate(container: container, default: fallback))
                let larger = four.estimate(container: container, default: fallback)
                #expect(
                    larger.duration == (estimate.duration < .milliseconds(1) ? larger.duration : estimate.duration * 4))
                let test = one.estimate(test: "t3", container: container, default: fallback)
                #expect(test.duration > .zero)
                #expect(test == mixed.estimate(test: "t3", container: container, default: fallback))
            }
        }
    }
}
