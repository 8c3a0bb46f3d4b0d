import Testing

@testable import CIProviders

struct BreakerAndBudgetTests {
    @Test func `failures in a row open the circuit for good, a success before that counts from new`() {
        var breaker = CircuitBreaker(limit: 3)
        for _ in 0..<2 { breaker.fail() }
        breaker.succeed()
        for _ in 0..<2 { breaker.fail() }
        #expect(!breaker.isOpen)
        breaker.fail()
        #expect(breaker.isOpen)
        breaker.succeed()
        #expect(breaker.isOpen)
    }

    @Test func `time runs while calls are under way, once for all of them`() {
        var budget = TimeBudget(limit: .seconds(60))
        budget.enter(at: .seconds(100))
        budget.enter(at: .seconds(105))
        #expect(budget.left(at: .seconds(110)) == .seconds(50))
        budget.leave(at: .seconds(110))
        budget.leave(at: .seconds(120))
        #expect(budget.left(at: .seconds(5000)) == .seconds(40))
        budget.enter(at: .seconds(5000))
        #expect(budget.left(at: .seconds(5030)) == .seconds(10))
        #expect(budget.left(at: .seconds(9999)) == .zero)
    }
}
