import CCurl
import CICore
import Synchronization

/// What the tasks hand to the thread that works for them.
final class TransferQueue: Sendable {
    /// What is new since the thread last looked.
    struct News: Sendable {
        var orders: [TransferOrder] = []
        /// Orders whose tasks were cancelled; some may have ended meanwhile.
        var cancelled: [TransferOrder.ID] = []
        /// Whether nobody can order any more.
        var isClosed = false
    }

    private struct State {
        var news = News()
        /// The handle that wakes the thread; `nil` before it starts and after it ended.
        var bell: Bell?
    }

    private let state = Mutex(State())

    /// Starts the thread if it does not run yet; `start` makes the handle to wake it by, or `nil` if it cannot.
    func open(_ start: () -> Bell?) -> Bool {
        state.withLock { state in
            if state.bell == nil { state.bell = start() }
            return state.bell != nil
        }
    }

    func post(_ order: TransferOrder) {
        state.withLock { state in
            state.news.orders.append(order)
            state.bell?.ring()
        }
    }

    /// Ends the order at once, or before it begins.
    func cancel(_ id: TransferOrder.ID) {
        id.cancel()
        state.withLock { state in
            state.news.cancelled.append(id)
            state.bell?.ring()
        }
    }

    /// Lets the thread end when all is done.
    func close() {
        state.withLock { state in
            state.news.isClosed = true
            state.bell?.ring()
        }
    }

    /// The thread's side: what is new.
    func take() -> News {
        state.withLock { state in
            defer { state.news = News(isClosed: state.news.isClosed) }
            return state.news
        }
    }

    /// The thread's side: it ends, and its handle with it.
    func silence() { state.withLock { $0.bell = nil } }
}

/// Wakes the thread.
///
/// `@unchecked`: the handle is used by other threads for `curl_multi_wakeup` only, which any thread may call, and under
/// the queue's lock, in which the thread also takes it away before it frees it.
struct Bell: @unchecked Sendable {
    let multi: UnsafeMutableRawPointer

    func ring() { _ = dtci_multi_wake(multi) }
}

/// One request, and who waits for its answer.
struct TransferOrder: Sendable {
    typealias Answer = Result<HTTPResponse, HTTPError>

    let id: ID
    let request: CheckedRequest
    let settings: NetworkSettings
    let continuation: CheckedContinuation<Answer, Never>

    /// Tells orders apart, and knows whether its task was cancelled.
    final class ID: Sendable {
        private let flag = Atomic(false)

        var isCancelled: Bool { flag.load(ordering: .acquiring) }

        fileprivate func cancel() { flag.store(true, ordering: .releasing) }
    }
}
