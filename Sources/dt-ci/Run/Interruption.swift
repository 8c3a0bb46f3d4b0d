import Synchronization

/// Passes signals to whatever part of the run is on now.
final class Interruption: Sendable {
    /// What a signal does; the second argument tells whether an earlier one was ignored for too long.
    typealias Handler = @Sendable (Int32, Bool) -> Void

    private struct State {
        var first: Int32?
        var handler: Handler?
    }

    private let state = Mutex(State())

    /// From now on signals go here; one that came before comes at once.
    func attach(_ handler: @escaping Handler) {
        let pending = state.withLock { state in
            state.handler = handler
            return state.first
        }
        if let pending { handler(pending, false) }
    }

    /// A signal has come.
    func raise(_ number: Int32) {
        let (handler, isRepeated) = state.withLock { state in
            let isRepeated = state.first != nil
            state.first = state.first ?? number
            return (state.handler, isRepeated)
        }
        handler?(number, isRepeated)
    }
}
