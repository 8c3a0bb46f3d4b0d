import Testing

@testable import Orchestrator

struct DurationOrderTests {
    @Test(
        arguments: [
            [], [5], [1, 1, 1], [3, 1, 2], [0, Int64.max, 7, Int64.max], [1 << 40, 1 << 11, 1 << 22, 1 << 33, 1 << 11],
        ] as [[Int64]])
    func `positions come longest first, ties in place`(durations: [Int64]) {
        let expected = durations.indices.sorted { (-durations[$0], $0) < (-durations[$1], $1) }
        #expect(DurationOrder.descending(durations) == expected.map { Int32($0) })
    }

    @Test func `many random durations are sorted alike`() {
        let durations = PlanningFixtures.lognormal(5_000, seed: 3).map { $0 / 100_000 + 1 }
        let expected = durations.indices.sorted { (-durations[$0], $0) < (-durations[$1], $1) }
        #expect(DurationOrder.descending(durations) == expected.map { Int32($0) })
    }
}
