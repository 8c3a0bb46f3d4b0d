import CSpawn

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Turns the signals that ask dt-ci to end into a stream, for as long as it exists; one at a time in a process.
///
/// A broken pipe becomes an error of the write instead of an end of dt-ci. A stop from the terminal (Ctrl-Z) keeps its
/// usual meaning: dt-ci stops and goes on later; its children, which have no terminal, run on into their files.
package final class SignalTrap: Sendable {
    /// Each signal as it comes; the first is a wish, the second an order.
    package let signals: AsyncStream<Int32>
    private let trapped: [Int32]
    private let pipe: (reading: Int32, writing: Int32)
    /// The one thread that waits for signals.
    private let threads = ProcessThreads(limit: 1)

    /// Traps SIGINT, SIGTERM and SIGHUP from the moment it returns. SIGINT and SIGHUP stay ignored where they were
    /// (`nohup`, background jobs of a script).
    package init() {
        let (stream, continuation) = AsyncStream<Int32>.makeStream()
        signals = stream
        signal(SIGPIPE, SIG_IGN)
        pipe = DescriptorPair.pipe() ?? (-1, -1)
        let candidates = pipe.writing < 0 ? [] : [SIGINT, SIGTERM, SIGHUP]
        trapped = candidates.filter { $0 == SIGTERM || dtci_is_ignored($0) == 0 }
        if pipe.writing >= 0 { setNonBlocking(pipe.writing) }
        for number in trapped { _ = dtci_trap_signal(number, pipe.writing) }
        threads.submit { [reading = pipe.reading] _ in
            while let number = Self.next(reading) { continuation.yield(number) }
            continuation.finish()
            close(reading)
        }
    }

    deinit {
        for number in trapped { signal(number, SIG_DFL) }
        // The end of the file ends the thread.
        close(pipe.writing)
    }

    /// Waits for the next signal; `nil` at the end of the trap.
    private static func next(_ descriptor: Int32) -> Int32? {
        var byte: UInt8 = 0
        while true {
            let count = read(descriptor, &byte, 1)
            if count == 1 { return Int32(byte) }
            if count == 0 || errno != EINTR { return nil }
        }
    }
}
