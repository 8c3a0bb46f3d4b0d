import CICore
import Testing

@testable import Orchestrator

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite
struct ProcessSupervisionTests {
    private func advance(_ supervision: inout ProcessSupervision, to seconds: Double) -> [ProcessSupervision.Action] {
        supervision.advance(to: .seconds(seconds))
    }

    @Test
    func `without limits nothing is ever due`() {
        var supervision = ProcessSupervision(limits: TimeLimits())
        #expect(supervision.deadline == nil)
        #expect(advance(&supervision, to: 1e6) == [])
    }

    @Test
    func `a process that ends by itself has the rest of its group asked, then killed`() {
        var supervision = ProcessSupervision(limits: TimeLimits(hard: .seconds(60)))
        #expect(supervision.handle(.exited, at: .seconds(1)) == [.signal(SIGTERM)])
        #expect(supervision.deadline == .seconds(1.5))
        #expect(advance(&supervision, to: 1.5) == [.signal(SIGKILL)])
        #expect(supervision.handle(.groupGone, at: .seconds(1.6)) == [.finish])
        #expect(supervision.isFinished)
        #expect(supervision.cause == .exited)
    }

    @Test
    func `the soft limit is told once and changes nothing`() {
        var supervision = ProcessSupervision(limits: TimeLimits(soft: .seconds(5), hard: .seconds(9)))
        #expect(supervision.deadline == .seconds(5))
        #expect(advance(&supervision, to: 4.9) == [])
        #expect(advance(&supervision, to: 5) == [.reportSoftLimit])
        #expect(advance(&supervision, to: 6) == [])
        #expect(supervision.deadline == .seconds(9))
    }

    @Test
    func `past the hard limit come the dump, the request and the kill, each in its time`() {
        let limits = TimeLimits(hard: .seconds(10), grace: .seconds(3), dumpSignal: SIGQUIT)
        var supervision = ProcessSupervision(limits: limits)
        #expect(advance(&supervision, to: 10) == [.signal(SIGQUIT)])
        #expect(advance(&supervision, to: 11.9) == [])
        #expect(advance(&supervision, to: 12) == [.signal(SIGTERM)])
        #expect(advance(&supervision, to: 14.9) == [])
        #expect(advance(&supervision, to: 15) == [.signal(SIGKILL)])
        #expect(supervision.handle(.exited, at: .seconds(15.1)) == [])
        #expect(supervision.handle(.groupGone, at: .seconds(15.1)) == [.finish])
        #expect(supervision.cause == .hardLimit)
    }

    @Test
    func `growing output puts off the silence limit but not the hard one`() {
        var supervision = ProcessSupervision(limits: TimeLimits(hard: .seconds(10), silence: .seconds(4)))
        #expect(supervision.deadline == .seconds(4))
        #expect(supervision.handle(.outputGrew, at: .seconds(3)) == [])
        #expect(advance(&supervision, to: 6.9) == [])
        #expect(supervision.handle(.outputGrew, at: .seconds(6.9)) == [])
        #expect(supervision.deadline == .seconds(10))
        #expect(advance(&supervision, to: 10) == [.signal(SIGTERM)])
        #expect(supervision.cause == .hardLimit)
    }

    @Test
    func `silence ends a process`() {
        var supervision = ProcessSupervision(limits: TimeLimits(silence: .seconds(4)))
        #expect(advance(&supervision, to: 4) == [.signal(SIGTERM)])
        #expect(supervision.cause == .silence)
    }

    @Test
    func `a cancelled process is asked at once, without a dump, and killed after the grace`() {
        let limits = TimeLimits(hard: .seconds(10), grace: .seconds(3), dumpSignal: SIGQUIT)
        var supervision = ProcessSupervision(limits: limits)
        #expect(supervision.handle(.cancelled, at: .seconds(1)) == [.signal(SIGTERM)])
        #expect(supervision.handle(.cancelled, at: .seconds(2)) == [])
        #expect(advance(&supervision, to: 4) == [.signal(SIGKILL)])
        #expect(supervision.cause == .cancelled)
    }

    @Test
    func `a cancellation cuts the time for the dump short but keeps the cause`() {
        let limits = TimeLimits(hard: .seconds(10), dumpSignal: SIGQUIT)
        var supervision = ProcessSupervision(limits: limits)
        _ = advance(&supervision, to: 10)
        #expect(supervision.handle(.cancelled, at: .seconds(10.1)) == [.signal(SIGTERM)])
        #expect(supervision.cause == .hardLimit)
    }

    @Test
    func `an order to kill is carried out at once and once, in every phase`() {
        var fresh = ProcessSupervision(limits: TimeLimits())
        #expect(fresh.handle(.killed, at: .seconds(1)) == [.signal(SIGKILL)])
        #expect(fresh.handle(.killed, at: .seconds(1)) == [])
        #expect(fresh.cause == .cancelled)
        var asked = ProcessSupervision(limits: TimeLimits())
        _ = asked.handle(.cancelled, at: .zero)
        #expect(asked.handle(.killed, at: .seconds(1)) == [.signal(SIGKILL)])
        var leaving = ProcessSupervision(limits: TimeLimits())
        _ = leaving.handle(.exited, at: .zero)
        #expect(leaving.handle(.killed, at: .zero) == [.signal(SIGKILL)])
    }

    @Test
    func `the rest of a terminated group has what is left of the grace`() {
        var supervision = ProcessSupervision(limits: TimeLimits(grace: .seconds(3)))
        _ = supervision.handle(.cancelled, at: .seconds(1))
        #expect(supervision.handle(.exited, at: .seconds(2)) == [])
        #expect(supervision.deadline == .seconds(4))
        #expect(advance(&supervision, to: 4) == [.signal(SIGKILL)])
    }

    @Test
    func `a process that even the kill does not end is given up`() {
        var supervision = ProcessSupervision(limits: TimeLimits())
        _ = supervision.handle(.killed, at: .zero)
        #expect(advance(&supervision, to: 4.9) == [])
        #expect(advance(&supervision, to: 5) == [.finish])
        #expect(supervision.deadline == nil)
        #expect(supervision.handle(.exited, at: .seconds(6)) == [])
    }
}
