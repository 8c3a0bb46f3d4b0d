import CICore

/// What a node says to the queue, insisting where another try may help.
package struct QueueClient: Sendable {
    package let queue: any RunQueue
    package let run: QueueRun
    package let seat: QueueSeat
    private let settings: Settings

    /// How a node goes about it.
    package struct Settings: Sendable {
        /// Without an answer for so long the queue is given up.
        package var endurance: Duration
        /// Whether this node meets a requirement of the plan.
        package var isAble: @Sendable (String) -> Bool
        /// Draws from 0 to 1.
        package var jitter: @Sendable () -> Double

        package init(
            endurance: Duration = .seconds(120), isAble: @escaping @Sendable (String) -> Bool = { _ in true },
            jitter: @escaping @Sendable () -> Double
        ) {
            self.endurance = endurance
            self.isAble = isAble
            self.jitter = jitter
        }
    }

    package init(queue: any RunQueue, run: QueueRun, seat: QueueSeat, settings: Settings) {
        self.queue = queue
        self.run = run
        self.seat = seat
        self.settings = settings
    }

    /// What came of asking for work.
    package enum Supply: Sendable {
        case leases([Lease])
        /// None now; something has changed, or some time has passed.
        case nothing
        /// Every batch has ended.
        case over
        /// The run was ended, with these words.
        case stopped(String)
        /// The queue does not answer any more.
        case lost(QueueError)
    }

    /// What became of a batch's results.
    package enum Reception: Sendable {
        /// Failed tests of the whole run, where this batch has some.
        case accepted(failures: Int?)
        /// Somebody else has the batch: these results must not count.
        case refused
        /// The queue does not answer any more.
        case unknown(QueueError)
    }

    /// Asks for work once, and waits a little where there is none.
    ///
    /// - Parameters:
    ///   - count: at most so many batches.
    ///   - requirements: those of the plan that this node meets; `nil` = all.
    ///   - holding: the numbers of the batches that the node has.
    /// - Returns: what came of it.
    package func take(_ count: Int, requirements: [String]?, holding: Set<Int>) async -> Supply {
        let isIdle = holding.isEmpty
        do throws(QueueError) {
            var leases = try await lease(
                LeaseWish(count: count, requirements: requirements, isIdle: isIdle), holding: holding)
            if leases.isEmpty, isIdle, count > 1 {
                // What runs alone is given to nobody who wants more.
                leases = try await lease(LeaseWish(count: 1, requirements: requirements), holding: holding)
            }
            if !leases.isEmpty { return .leases(leases) }
            let progress = try await insisting { () async throws(QueueError) in try await queue.beat(seat) }
            if let reason = progress.stop { return .stopped(reason) }
            if progress.isOver { return .over }
            await queue.change(within: .seconds(1))
            return .nothing
        } catch {
            return .lost(error)
        }
    }

    /// After an answer that did not arrive, what was given is asked for.
    private func lease(_ wish: LeaseWish, holding: Set<Int>) async throws(QueueError) -> [Lease] {
        do throws(QueueError) {
            return try await queue.lease(seat, wish)
        } catch {
            guard error.isPassing else { throw error }
        }
        return try await insisting { () async throws(QueueError) in
            try await queue.leases(seat).filter { !holding.contains($0.number) }
        }
    }

    /// Hands in the results of a batch.
    package func hand(in ended: EndedLease) async -> Reception {
        do throws(QueueError) {
            let answer = try await insisting { () async throws(QueueError) in try await queue.finish(seat, [ended]) }
            return answer.accepted.contains(ended.lease.number) ? .accepted(failures: answer.failures) : .refused
        } catch {
            return .unknown(error)
        }
    }

    /// Says from time to time that the node is there; returns with the reason when the run is ended, or `nil` when the
    /// task is cancelled.
    package func keepBeating() async -> String? {
        // Cancelled: nobody waits any more.
        while (try? await Task.sleep(for: run.patience / 5)) != nil {
            // A beat that fails is followed by others; whoever wants an answer finds out.
            if let progress = try? await queue.beat(seat), let reason = progress.stop { return reason }
        }
        return nil
    }

    /// Gives everything back that was not handed in; what cannot be said now the queue finds out by itself.
    package func giveBack() async { try? await queue.release(seat, nil) }

    /// Ends the run for everybody.
    package func stop(because reason: String) async throws(QueueError) {
        try await insisting { () async throws(QueueError) in try await queue.stop(seat.key, because: reason) }
    }

    /// Answers for what lost nodes left; gives all that this node does not know.
    package func adopt(knowing known: Set<Int>) async throws(QueueError) -> [Orphan] {
        try await insisting { () async throws(QueueError) in try await queue.adopt(seat, knowing: known) }
    }

    /// The numbers of the ended batches that this node answers for.
    package func held() async throws(QueueError) -> Set<Int> {
        try await insisting { () async throws(QueueError) in try await queue.held(seat) }
    }

    /// Says goodbye; where it waits until all others have, gives what those left who did not.
    package func seal(knowing known: Set<Int>, waits: Bool) async throws(QueueError) -> [Orphan] {
        try await insisting { () async throws(QueueError) in try await queue.seal(seat) }
        guard waits else { return [] }
        while true {
            let progress = try await insisting { () async throws(QueueError) in try await queue.beat(seat) }
            // A run that goes on has others who will stand in.
            if progress.nodes == 0 || !progress.isOver || Task.isCancelled { break }
            await queue.change(within: .seconds(1))
        }
        return try await adopt(knowing: known)
    }

    /// Tries again as long as that may help.
    func insisting<Value: Sendable>(
        _ body: () async throws(QueueError) -> Value
    ) async throws(QueueError) -> Value {
        let end = ContinuousClock.now + settings.endurance
        var backoff = Backoff(jitter: settings.jitter)
        while true {
            do throws(QueueError) {
                return try await body()
            } catch {
                guard error.isPassing, ContinuousClock.now < end else { throw error }
                // Cancelled: one try was due, not more.
                guard (try? await Task.sleep(for: backoff.wait())) != nil else { throw error }
            }
        }
    }

    /// The requirements of these batches that the node meets; `nil` where it meets all.
    package func abilities(among batches: [SharedBatch]) -> [String]? {
        let all = Set(batches.map(\.requirement))
        let met = all.filter { $0.isEmpty || settings.isAble($0) }
        return met.count == all.count ? nil : met.sorted()
    }
}
