package import CICore

/// The decisions of a node that serves a shared run: what starts next, when more is asked for, when it is done.
///
/// Events in, batches out; no clock, no I/O, no concurrency. `SharedEngine` carries out what it says.
package struct SharedServing: Sendable {
    /// The books of a batch that was run here.
    package struct Book: Sendable {
        package var batch: BatchID
        package var state: RunState
        /// Whether the queue has said that its results count.
        package var isConfirmed: Bool
    }

    /// By the numbers of the batches.
    package private(set) var books: [Int: Book] = [:]
    package private(set) var stop: RunState.Stop?
    /// Why the queue was given up.
    package private(set) var loss: QueueError?
    private var gate: BatchQueue
    private var leases: [BatchID: Lease] = [:]
    private var flow = Flow()
    private let work: SharedWork

    private struct Flow {
        var isAsking = false
        var isOver = false
        var isolated = false
        /// Batches whose results are on their way.
        var onTheWay: Set<Int> = []
        var running = 0
        var smallest: Duration?
    }

    package init(_ work: SharedWork) {
        self.work = work
        gate = BatchQueue(planned: [], limits: work.suites.mapValues(\.limits))
    }

    /// Nothing runs, nothing is on its way and nothing will come.
    package var isDone: Bool {
        flow.running == 0 && flow.onTheWay.isEmpty && !flow.isAsking && (isClosed || flow.isOver)
    }

    /// Whether nothing more may start.
    private var isClosed: Bool { stop != nil || loss != nil }

    /// The numbers of all that the node has and has not got rid of.
    package var holding: Set<Int> { Set(leases.values.map(\.number)).union(flow.onTheWay) }

    /// How many batches to ask for; `nil` if it is not the time. Asks once until `receive(_:)`.
    package mutating func wish(freeSlots: Int) -> Int? {
        guard !isClosed, !flow.isAsking, !flow.isOver, !flow.isolated, freeSlots > gate.waiting else { return nil }
        flow.isAsking = true
        return BulkRule().count(for: freeSlots, last: flow.smallest)
    }

    /// Takes what came of asking.
    package mutating func receive(_ supply: QueueClient.Supply) {
        flow.isAsking = false
        switch supply {
        case .leases(let leases): for lease in leases where !isClosed { take(lease) }
        case .nothing: break
        case .over: flow.isOver = holding.isEmpty
        case .stopped: stop = stop ?? .failFast(failures: failures)
        case .lost(let error): loss = loss ?? error
        }
    }

    private mutating func take(_ lease: Lease) {
        flow.smallest = min(flow.smallest ?? lease.batch.estimate, lease.batch.estimate)
        flow.isolated = flow.isolated || lease.isIsolated
        leases[lease.batch.id] = lease
        gate.addUrgent([work.batch(of: lease)])
    }

    /// The next batch to start; `nil` if none may start now.
    package mutating func next() -> (lease: Lease, batch: QueuedBatch)? {
        guard !isClosed, let batch = gate.next(), let lease = leases[batch.id] else { return nil }
        flow.running += 1
        return (lease, batch)
    }

    /// A batch's process and all that followed from it have ended; whether its results are to be handed in.
    package mutating func end(_ lease: Lease, _ state: RunState?) -> Bool {
        gate.finish(work.batch(of: lease))
        flow.running -= 1
        if lease.isIsolated { flow.isolated = false }
        leases[lease.batch.id] = nil
        guard let state else { return false }
        books[lease.number] = Book(batch: lease.batch.id, state: state, isConfirmed: false)
        flow.onTheWay.insert(lease.number)
        return true
    }

    /// The queue's word about handed in results; how many tests failed in the whole run where that is too many.
    package mutating func hear(_ reception: QueueClient.Reception, of lease: Lease) -> Int? {
        flow.onTheWay.remove(lease.number)
        switch reception {
        case .refused: books[lease.number] = nil
        case .unknown(let error): loss = loss ?? error
        case .accepted(let failures):
            books[lease.number]?.isConfirmed = true
            if let limit = work.settings.failFast, let failures, failures >= limit, stop == nil {
                stop = .failFast(failures: failures)
                return failures
            }
        }
        return nil
    }

    /// No further batch starts; the first reason stands.
    package mutating func end(because reason: RunState.Stop) { stop = stop ?? reason }

    /// What a run of one batch may spend on retries, after what was spent before.
    package var retryBudget: RunSettings.RetryBudget {
        let spent = books.values.reduce(0) { $0 + $1.state.retriedTests }
        return .init(tests: max(0, work.settings.retryBudget.allowance(of: work.knownTests) - spent))
    }

    private var failures: Int { books.values.reduce(0) { $0 + $1.state.failedTests } }
}

/// What a node must know of a run to serve it.
package struct SharedWork: Sendable {
    package var suites: [SuiteName: RunState.SuiteRules]
    package var units: [UnitID: TestUnit]
    package var settings: RunSettings
    package var quarantine: Quarantine

    package init(
        suites: [SuiteName: RunState.SuiteRules], units: [UnitID: TestUnit], settings: RunSettings,
        quarantine: Quarantine
    ) {
        self.suites = suites
        self.units = units
        self.settings = settings
        self.quarantine = quarantine
    }

    /// Tests of the whole run, as far as listings told them.
    var knownTests: Int { units.values.reduce(0) { $0 + max(1, $1.tests?.count ?? 1) } }

    /// A leased batch as the executor takes it; what was with dying workers has nothing beside it.
    func batch(of lease: Lease) -> QueuedBatch {
        var members = lease.batch.units.compactMap { units[$0] }
        if lease.isIsolated {
            for index in members.indices { members[index].constraints.isSerial = true }
        }
        return QueuedBatch(
            id: lease.batch.id, suite: lease.batch.suite, units: members, estimate: lease.batch.estimate)
    }

    /// A run of this batch alone, with the retries that are left.
    func state(of batch: QueuedBatch, budget: RunSettings.RetryBudget) -> RunState {
        var settings = settings
        settings.failFast = nil
        settings.retryBudget = budget
        return RunState(planned: [batch], suites: suites, settings: settings, quarantine: quarantine)
    }
}
