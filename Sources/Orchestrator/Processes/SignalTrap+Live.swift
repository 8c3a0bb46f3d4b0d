@preconcurrency import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Turns the signals that ask dt-ci to end into a stream, for as long as it exists.
///
/// A broken pipe becomes an error of the write instead of an end of dt-ci. A stop from the terminal (Ctrl-Z) keeps its
/// usual meaning: dt-ci stops and goes on later; its children, which have no terminal, run on into their files.
package final class SignalTrap: Sendable {
    /// Each signal as it comes; the first is a wish, the second an order.
    package let signals: AsyncStream<Int32>
    private let trapped: [Int32]
    private let sources: [any DispatchSourceSignal]

    /// Traps SIGINT, SIGTERM and SIGHUP. SIGINT and SIGHUP stay ignored where they were (`nohup`, background jobs of a
    /// script).
    package init() {
        let (stream, continuation) = AsyncStream<Int32>.makeStream()
        signals = stream
        signal(SIGPIPE, SIG_IGN)
        trapped = [SIGINT, SIGTERM, SIGHUP].filter { $0 == SIGTERM || !Self.isIgnored($0) }
        let queue = DispatchQueue(label: "dt-ci.signals")
        sources = trapped.map { number in
            // The source sees what would otherwise be ignored.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { continuation.yield(number) }
            source.resume()
            return source
        }
    }

    deinit {
        for source in sources { source.cancel() }
        for number in trapped { signal(number, SIG_DFL) }
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var present = sigaction()
        guard sigaction(number, nil, &present) == 0 else { return false }
        #if canImport(Glibc)
            let handler = present.__sigaction_handler.sa_handler
        #else
            let handler = present.__sigaction_u.__sa_handler
        #endif
        return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
