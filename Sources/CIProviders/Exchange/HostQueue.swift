import Synchronization

/// Lets calls to one host through in the order in which they come: one write at a time, as GitHub asks for, and a few
/// reads beside it, unless its exchange says otherwise. A call keeps its place until its last try is over, so that a later status never overtakes an earlier.
final class HostQueue: Sendable {
    /// What a call does to the host.
    enum Kind: Sendable, Hashable, CaseIterable {
        case read
        case write
    }

    /// How many at a time.
    private let limits: [Kind: Int]

    init(manners: Exchange.Manners = Exchange.Manners()) {
        limits = [.read: manners.readsAtOnce, .write: manners.writesAtOnce]
    }

    /// A place in the queue.
    typealias Ticket = Int

    private struct State {
        var nextTicket = 0
        var inside: [Kind: Int] = [:]
        var waiting: [Kind: [Waiter]] = [:]
        /// Cancelled before they stood in line.
        var cancelled: Set<Ticket> = []
    }

    private struct Waiter {
        let ticket: Ticket
        let continuation: CheckedContinuation<Bool, Never>
    }

    private let state = Mutex(State())

    /// Waits for its turn, which `leave` ends; `false` if the task was cancelled meanwhile.
    func enter(_ kind: Kind) async -> Bool {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        let isIn = await withTaskCancellationHandler {
            await withCheckedContinuation { stand(Waiter(ticket: ticket, continuation: $0), kind) }
        } onCancel: {
            cancel(ticket, kind)
        }
        state.withLock { state in _ = state.cancelled.remove(ticket) }
        return isIn
    }

    /// Gives the place to the next.
    func leave(_ kind: Kind) {
        let next = state.withLock { state -> Waiter? in
            guard let first = state.waiting[kind]?.first else {
                state.inside[kind, default: 1] -= 1
                return nil
            }
            state.waiting[kind]?.removeFirst()
            return first
        }
        next?.continuation.resume(returning: true)
    }

    private func stand(_ waiter: Waiter, _ kind: Kind) {
        let mayEnter = state.withLock { state -> Bool? in
            if state.cancelled.contains(waiter.ticket) { return false }
            if state.inside[kind, default: 0] < limits[kind, default: 1] {
                state.inside[kind, default: 0] += 1
                return true
            }
            state.waiting[kind, default: []].append(waiter)
            return nil
        }
        if let mayEnter { waiter.continuation.resume(returning: mayEnter) }
    }

    private func cancel(_ ticket: Ticket, _ kind: Kind) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiting[kind]?.firstIndex(where: { $0.ticket == ticket }) else {
                state.cancelled.insert(ticket)
                return nil
            }
            return state.waiting[kind]?.remove(at: index)
        }
        waiter?.continuation.resume(returning: false)
    }
}
