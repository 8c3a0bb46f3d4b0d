import CICore
import Testing

import struct FoundationEssentials.Date

@testable import Orchestrator
@testable import TestHistory

struct PastFailuresTests {
    private static func result(_ test: TestID, _ outcome: Outcome) -> PastResult {
        PastResult(
            test: test, outcome: outcome, isFlaky: false, attempts: 1, duration: .seconds(1), hardware: "h",
            run: .init(
                id: "r", startedAt: Date(timeIntervalSinceReferenceDate: 0), commit: nil, branch: nil,
                isComplete: true))
    }

    @Test func `a unit is urgent if it is, holds or lists a test that failed last`() {
        var failures = PastFailures()
        for (test, outcome) in [
            ("s::a.py::t1", .failed), ("s::a.py::t1", .passed), ("s::b.py::t1", .passed), ("s::b.py::t1", .errored),
            ("s::b.py::t1", .skipped), ("s::pkg/TestX", .failed), ("s::listed", .failed),
        ] as [(TestID, Outcome)] {
            failures.add(Self.result(test, outcome))
        }
        let units = [
            TestUnit(suite: "s", selector: "a.py", granularity: .file),
            TestUnit(suite: "s", selector: "b.py", granularity: .file),
            TestUnit(suite: "s", selector: "pkg/TestX", granularity: .test, container: "pkg"),
            TestUnit(suite: "s", selector: "binary", granularity: .file, tests: ["listed"]),
            TestUnit(suite: "other", selector: "b.py", granularity: .file),
        ]
        #expect(failures.units(among: units) == ["s::b.py", "s::pkg/TestX", "s::binary"])
    }

    @Test func `without failures nothing is urgent`() {
        #expect(PastFailures().units(among: [TestUnit(suite: "s", selector: "a", granularity: .file)]).isEmpty)
    }

    @Test func `a unit's risk is that any of its tests fails, the last runs counting most`() throws {
        var failures = PastFailures()
        for outcome in [.passed, .passed, .failed, .failed] as [Outcome] {
            failures.add(Self.result("s::a.py::t1", outcome))
            failures.add(Self.result("s::b.py::t1", outcome == .passed ? .failed : .passed))
        }
        failures.add(Self.result("s::a.py::t2", .failed))
        failures.add(Self.result("s::safe.py::t", .passed))
        let units = ["a.py", "b.py", "safe.py", "new.py"].map {
            TestUnit(suite: "s", selector: $0, granularity: .file)
        }
        let risks = failures.risks(among: units)
        let (a, b) = (try #require(risks["s::a.py"]), try #require(risks["s::b.py"]))
        #expect(a > b)
        #expect((0...1).contains(a))
        #expect(risks.count == 2)
    }
}
