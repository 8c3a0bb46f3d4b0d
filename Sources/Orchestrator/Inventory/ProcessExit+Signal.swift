package import CICore

extension ProcessExit {
    /// The signal of a crash: of the process itself, or of the child of a shell that passed it on as 128 + n.
    package var crashSignal: Int32? {
        switch self {
        case .signaled(let number): number
        // SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGKILL, SIGSEGV, SIGPIPE, SIGTERM.
        case .exited(let code) where [4, 5, 6, 7, 8, 9, 11, 13, 15].contains(code - 128): code - 128
        case .exited: nil
        }
    }
}
