import CCurl
import CICore

/// Works off a queue on its own thread, all transfers side by side over connections that are used again.
///
/// Everything here but `start` runs on that thread.
final class TransferLoop {
    private let multi: UnsafeMutableRawPointer
    private let queue: TransferQueue
    private var transfers: [UnsafeMutableRawPointer: Transfer] = [:]

    private init(_ bell: Bell, _ queue: TransferQueue) {
        multi = bell.multi
        self.queue = queue
    }

    /// Starts the thread; `nil` if there is no memory or no thread for it.
    static func start(_ queue: TransferQueue) -> Bell? {
        guard let multi = dtci_multi_new() else { return nil }
        let bell = Bell(multi: multi)
        guard NetworkThread.start({ TransferLoop(bell, queue).run() }) else {
            dtci_multi_free(multi)
            return nil
        }
        return bell
    }

    private func run() {
        while true {
            let news = queue.take()
            for order in news.orders { begin(order) }
            for id in news.cancelled { cancel(id) }
            if news.isClosed, transfers.isEmpty { break }
            if dtci_multi_perform(multi) != CURLM_OK { breakAll() }
            endThoseDone()
            // It ends early when something comes, from the network or the queue.
            _ = dtci_multi_wait(multi, 60_000)
        }
        queue.silence()
        dtci_multi_free(multi)
    }

    private func begin(_ order: TransferOrder) {
        guard !order.id.isCancelled else {
            order.continuation.resume(returning: .failure(.cancelledBeforeSent))
            return
        }
        do throws(HTTPError) {
            let transfer = try Transfer(order)
            guard dtci_multi_add(multi, transfer.easy) == CURLM_OK else { throw .noMemory }
            transfers[transfer.easy] = transfer
        } catch {
            order.continuation.resume(returning: .failure(error))
        }
    }

    private func cancel(_ id: TransferOrder.ID) {
        guard let transfer = transfers.values.first(where: { $0.order.id === id }) else { return }
        end(transfer, .failure(transfer.cancellation))
    }

    private func endThoseDone() {
        var code = CURLE_OK
        while let easy = dtci_multi_ended(multi, &code) {
            if let transfer = transfers[easy] { end(transfer, transfer.answer(code)) }
        }
    }

    /// libcurl itself failed, which only happens without memory.
    private func breakAll() {
        for transfer in transfers.values { end(transfer, transfer.answer(CURLE_OUT_OF_MEMORY)) }
    }

    private func end(_ transfer: Transfer, _ answer: TransferOrder.Answer) {
        _ = dtci_multi_remove(multi, transfer.easy)
        transfers[transfer.easy] = nil
        transfer.order.continuation.resume(returning: answer)
    }
}

extension HTTPError {
    /// The task was cancelled before anything went out.
    fileprivate static let cancelledBeforeSent = HTTPError(
        code: .cancelled, description: "the request was cancelled before it was sent")
    /// libcurl could not get memory.
    static let noMemory = HTTPError(code: .broken, description: "the request was not sent: there is no memory left")
}
