import CSpawn
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The children that this process started itself, told apart from the orphans that it adopts.
///
/// One for the process, as its children are: whoever takes away an adopted zombie must not take one that a thread
/// waits for, and a child may end before the thread that started it knows its id.
enum OwnChildren {
    private struct State {
        var starting = 0
        var ids: Set<pid_t> = []
    }

    private static let state = Mutex(State())

    /// Runs `start` and takes note of the process it returns, if that is one (greater than 0).
    static func note(_ start: () -> pid_t) -> pid_t {
        state.withLock { $0.starting += 1 }
        let process = start()
        state.withLock { state in
            state.starting -= 1
            if process > 0 { state.ids.insert(process) }
        }
        return process
    }

    /// Reaps the ended child and forgets it in one step: afterwards its id may be another child's.
    static func forget(_ process: pid_t, reaping: () -> Int32) -> Int32 {
        state.withLock { state in
            state.ids.remove(process)
            return reaping()
        }
    }

    /// Whether the process is one of ours.
    static func contains(_ process: pid_t) -> Bool { state.withLock { $0.ids.contains(process) } }

    /// Takes away the zombies of adopted processes; those behind a zombie of our own come next time.
    static func reapAdopted() {
        state.withLock { state in
            while state.starting == 0 {
                let ended = dtci_any_ended()
                guard ended > 0, !state.ids.contains(ended), waitpid(ended, nil, WNOHANG) == ended else { return }
            }
        }
    }
}
