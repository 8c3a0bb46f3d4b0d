import CICore
import Testing

@testable import Artifacts

@Suite struct TestTallyTests {
    private func tests(_ count: Int, using generator: inout some RandomNumberGenerator) -> [CountedTest] {
        (0..<count).map { _ in
            let outcome = Outcome.allCases.randomElement(using: &generator) ?? .passed
            return CountedTest(
                identity: IdentityHash.of(
                    ReportedTest(name: "\(Int.random(in: 0..<count, using: &generator))", attempts: [])),
                outcome: outcome, hasFailed: outcome.isFailure, attempts: Int.random(in: 1..<4, using: &generator))
        }
    }

    @Test(arguments: [0, 1, 7, 100, 5_000])
    func `counts on disk are those in memory`(count: Int) {
        var generator = SystemRandomNumberGenerator()
        let all = tests(count, using: &generator)
        var inMemory = TestTally()
        var onDisk = TestTally(memoryLimit: 64)
        var nowhere = TestTally(memoryLimit: 64, temporaryDirectory: "/nonexistent")
        for test in all {
            inMemory.add(test)
            onDisk.add(test)
            nowhere.add(test)
        }
        let totals = inMemory.totals()
        #expect(onDisk.totals() == totals)
        #expect(nowhere.totals() == totals)
        #expect(totals.passed + totals.failed + totals.errored + totals.skipped == totals.tests)
        #expect(totals.attempts == all.map(\.attempts).reduce(0, +))
    }

    @Test func `blocks that are full go to the file and come back`() {
        var tally = TestTally(memoryLimit: 10_000)
        for index in 0..<1_200_000 {
            let identity = UInt64(truncatingIfNeeded: index % 600_000) &* 0x9E37_79B9_7F4A_7C15
            tally.add(
                CountedTest(
                    identity: identity, outcome: index < 600_000 ? .failed : .passed, hasFailed: false, attempts: 1))
        }
        let totals = tally.totals()
        #expect(totals.tests == 600_000)
        #expect(totals.passed == 600_000)
        #expect(totals.flaky == 600_000)
        #expect(totals.attempts == 1_200_000)
    }
}
