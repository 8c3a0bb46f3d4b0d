import Synchronization

/// What an API has been told so far; its factory makes it and its handlers share it.
package final class SimulatedState<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    package init(_ value: Value) { mutex = Mutex(value) }

    /// Reads or changes the state; handlers do all they have to do in one call, so that two requests never mix.
    package func callAsFunction<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        mutex.withLock { value in body(&value) }
    }
}
