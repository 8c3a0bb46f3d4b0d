import Testing

@testable import Orchestrator

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// In processes of their own: signals are the whole process's.
@Suite(.timeLimit(.minutes(1)))
struct SignalTrapTests {
    @Test
    func `the signals that ask for an end arrive one by one, and a broken pipe is no end`() async {
        await #expect(processExitsWith: .success) {
            let trap = SignalTrap()
            var signals = trap.signals.makeAsyncIterator()
            for number in [SIGINT, SIGINT, SIGTERM, SIGHUP] {
                kill(getpid(), number)
                #expect(await signals.next() == number)
            }
            kill(getpid(), SIGPIPE)
        }
    }

    @Test
    func `a signal that was ignored from the start stays ignored, but not the request to terminate`() async {
        await #expect(processExitsWith: .success) {
            for number in [SIGINT, SIGHUP, SIGTERM] { signal(number, SIG_IGN) }
            let trap = SignalTrap()
            var signals = trap.signals.makeAsyncIterator()
            for number in [SIGINT, SIGHUP, SIGTERM] { kill(getpid(), number) }
            #expect(await signals.next() == SIGTERM)
        }
    }

    @Test
    func `after the trap a signal ends the process as ever`() async {
        await #expect(processExitsWith: .signal(SIGTERM)) {
            do { _ = SignalTrap() }
            kill(getpid(), SIGTERM)
            try await Task.sleep(for: .seconds(20))
        }
    }
}
