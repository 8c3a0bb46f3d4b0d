#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The thread on which libcurl works.
enum NetworkThread {
    /// Runs the body on a thread of its own, every signal blocked: signals are for the thread that traps them, and
    /// writing to a connection that is gone must be an error and not an end.
    ///
    /// `false` if the system gives no thread.
    static func start(_ run: @escaping @Sendable () -> Void) -> Bool {
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        defer { pthread_attr_destroy(&attributes) }
        let body = Unmanaged.passRetained(ThreadBody(run)).toOpaque()
        #if canImport(Darwin)
            var thread: pthread_t?
            let code = pthread_create(&thread, &attributes, { ThreadBody.enter($0) }, body)
        #else
            var thread = pthread_t()
            let code = pthread_create(&thread, &attributes, { ThreadBody.enter($0) }, body)
        #endif
        if code != 0 { Unmanaged<ThreadBody>.fromOpaque(body).release() }
        return code == 0
    }
}

/// A closure on its way to a new thread.
private final class ThreadBody: Sendable {
    private let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }

    static func enter(_ body: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let body else { return nil }
        Unmanaged<ThreadBody>.fromOpaque(body).takeRetainedValue().run()
        return nil
    }
}
