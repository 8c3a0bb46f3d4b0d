import CICore
import Testing

@testable import Reporting

@Suite
struct RemainingTimeTests {
    @Test
    func `without estimates nothing is foretold`() {
        let remaining = RemainingTime(total: .zero, slots: 2)
        #expect(remaining.left(running: [(.zero, .seconds(3))]) == nil)
        #expect(remaining.fraction(running: []) == nil)
    }

    @Test
    func `the work ahead is shared by the slots`() {
        var remaining = RemainingTime(total: .seconds(100), slots: 4)
        #expect(remaining.left(running: []) == .seconds(25))
        remaining.start(.seconds(20))
        #expect(remaining.left(running: [(.seconds(20), .seconds(8))]) == .seconds(23))
    }

    @Test
    func `the longest running batch is the least that is left`() {
        var remaining = RemainingTime(total: .seconds(60), slots: 10)
        remaining.start(.seconds(60))
        #expect(remaining.left(running: [(.seconds(60), .seconds(20))]) == .seconds(40))
    }

    @Test
    func `estimates that were too low make the rest longer`() {
        var remaining = RemainingTime(total: .seconds(40), slots: 1)
        remaining.start(.seconds(10))
        remaining.finish(.seconds(10), actual: .seconds(20))
        #expect(remaining.ratio(running: []) == 2)
        #expect(remaining.left(running: []) == .seconds(60))
        #expect(remaining.fraction(running: []) == 0.25)
    }

    @Test
    func `the correction is bounded and an overdue batch takes nothing off`() {
        var remaining = RemainingTime(total: .seconds(20), slots: 1)
        remaining.start(.seconds(10))
        remaining.finish(.seconds(10), actual: .seconds(1000))
        #expect(remaining.ratio(running: []) == 5)
        remaining.start(.seconds(10))
        #expect(remaining.left(running: [(.seconds(10), .seconds(500))]) == .zero)
    }

    @Test
    func `a batch that is overdue makes the rest longer before it ends and never looks done`() throws {
        var remaining = RemainingTime(total: .seconds(20), slots: 1)
        remaining.start(.seconds(10))
        #expect(remaining.left(running: [(.seconds(10), .seconds(8))]) == .seconds(12))
        #expect(remaining.left(running: [(.seconds(10), .seconds(30))]) == .seconds(30))
        var last = 0.0
        for elapsed in 1...100 {
            let fraction = try #require(remaining.fraction(running: [(.seconds(10), .seconds(elapsed))]))
            #expect(fraction > last && fraction < 0.5)
            last = fraction
        }
    }

    @Test
    func `retries beyond the plan never give more than the whole`() {
        var remaining = RemainingTime(total: .seconds(10), slots: 1)
        for _ in 0..<3 {
            remaining.start(.seconds(10))
            remaining.finish(.seconds(10), actual: .seconds(10))
        }
        #expect(remaining.fraction(running: []) == 1)
        #expect(remaining.left(running: []) == .zero)
    }
}
