import CICore
import TestHistory
import Testing

import struct FoundationEssentials.Date

@testable import Orchestrator

struct UnitEstimatesTests {
    private static let costs = RunnerProfile.Costs(
        start: .milliseconds(400), unit: .seconds(2), test: .milliseconds(20))

    private static func model(invocation: InvocationCost? = nil) -> DurationModel {
        let timings = [("d/a.py", "t1", 300), ("d/a.py", "t2", 700)].map { container, test, milliseconds in
            TestTiming(
                suite: "s", selector: "\(container)::\(test)", container: container, hardware: "h",
                learnt: .init(
                    typical: .milliseconds(milliseconds), upper: .milliseconds(milliseconds), samples: 4),
                seenAt: Date(timeIntervalSinceReferenceDate: 0))
        }
        return DurationModel(suite: "s", timings: timings, invocation: invocation)
    }

    private static func unit(
        _ selector: String, _ granularity: Granularity, container: String? = nil, tests: [String]? = nil,
        cost: Duration? = nil
    ) -> TestUnit {
        TestUnit(
            suite: "s", selector: selector, granularity: granularity, container: container, tests: tests,
            constraints: .init(declaredCost: cost))
    }

    @Test(arguments: [
        (unit("d/a.py", .file), Estimate(.seconds(1), basis: .history(samples: 4))),
        (
            unit("d/a.py::t2", .test, container: "d/a.py", cost: .seconds(9)),
            Estimate(.milliseconds(700), basis: .history(samples: 4))
        ),
        (unit("d/new.py", .file), Estimate(.seconds(1), basis: .directory("d"))),
        (unit("d/new.py", .file, cost: .seconds(9)), Estimate(.seconds(9), basis: .declared)),
    ])
    func `history comes before what the runner says, and that before guesses`(unit: TestUnit, expected: Estimate) {
        #expect(UnitEstimates(model: Self.model(), costs: Self.costs).estimate(of: unit) == expected)
    }

    @Test(
        arguments: [
            (unit("a.py", .file), .seconds(2)),
            (unit("a.py", .file, tests: ["1", "2", "3"]), .milliseconds(60)),
            (unit("a.py::C", .class, container: "a.py"), .seconds(2)),
            (unit("a.py::t", .test, container: "a.py"), .milliseconds(20)),
        ] as [(TestUnit, Duration)])
    func `without history the runner's usual costs count`(unit: TestUnit, expected: Duration) {
        let estimates = UnitEstimates(model: .empty(suite: "s"), costs: Self.costs)
        #expect(estimates.estimate(of: unit) == Estimate(expected, basis: .runnerDefault))
        #expect(estimates.start == StartCost(.milliseconds(400), samples: 0))
    }

    @Test func `learnt costs of invocation and unit are used`() {
        let invocation = InvocationCost(fixed: .seconds(1), perUnit: .milliseconds(50), samples: 12)
        let estimates = UnitEstimates(model: Self.model(invocation: invocation), costs: Self.costs)
        #expect(estimates.start == StartCost(.seconds(1), samples: 12))
        #expect(estimates.estimate(of: Self.unit("d/a.py", .file)).duration == .milliseconds(1050))
    }
}
