import CICore

extension ProcessExit {
    /// The signal that ended the process, or the one that a shell around it tells of as 128 + n.
    var deathSignal: Int32? {
        switch self {
        case .signaled(let number): number
        case .exited(let code) where code > 128 && code < 128 + 65: code - 128
        case .exited: nil
        }
    }
}
