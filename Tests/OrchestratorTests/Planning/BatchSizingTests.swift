import Testing

@testable import Orchestrator

struct BatchSizingTests {
    private static let second: Int64 = 1_000_000

    @Test func `sure work that is short against a start is one batch`() {
        #expect(BatchSizing.levels(of: 5 * Self.second, start: 300_000, variance: 0, slots: 2) == [5 * Self.second])
    }

    @Test func `sure work that is long gets a small tail`() {
        let levels = BatchSizing.levels(of: 60 * Self.second, start: 300_000, variance: 0, slots: 2)
        #expect(levels.count == 2)
        #expect(levels[0] > 50 * Self.second)
    }

    @Test func `guessed work gets several shrinking batches`() {
        let work = 20 * Self.second
        let deviation = Double(work) / 3
        let levels = BatchSizing.levels(of: work, start: 300_000, variance: deviation * deviation, slots: 2)
        #expect(levels.count >= 3)
        #expect(levels == levels.sorted(by: >))
    }

    @Test func `one slot alone has nothing to even out`() {
        #expect(BatchSizing.levels(of: 60 * Self.second, start: 0, variance: 1e15, slots: 1) == [60 * Self.second])
    }

    @Test(arguments: [0, 1, 2, 1000, 1_000_000, 864_000_000_000], [0, 1, 300_000, 10_000_000])
    func `nothing of the work is lost, whatever the costs`(work: Int64, start: Int64) {
        for variance in [0, 1, 1e12, 1e24] {
            let levels = BatchSizing.levels(of: work, start: start, variance: variance, slots: 16)
            #expect(levels.reduce(0, +) == work)
            #expect(levels.count <= 8)
            #expect(levels.allSatisfy { $0 > 0 })
        }
    }

    @Test func `the long ones and the urgent ones are dealt to the first batch`() {
        #expect(BatchSizing.deal([9, 4, 3, 2, 1], over: [12, 6, 3], urgent: 0) == [0, 1, 0, 2, 1])
        #expect(BatchSizing.deal([1, 1, 9, 4], over: [6, 9], urgent: 2) == [0, 0, 1, 0])
    }
}
