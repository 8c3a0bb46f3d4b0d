import Artifacts
import CICore

/// Serves the batches of a shared run on this machine's slots until the queue has no more to give.
///
/// Each batch is run to its end in one slot, with its rests, isolations and retries; then its results are handed in.
package struct SharedEngine: Sendable {
    private let course: BatchCourse
    private let client: QueueClient
    private let work: SharedWork
    private let requirements: [String]?
    private let slots: Int

    /// - Parameters:
    ///   - course: how a batch is run.
    ///   - client: the node in the run.
    ///   - work: what the run is made of.
    ///   - requirements: those of the plan that this node meets; `nil` = all.
    ///   - slots: batches at once.
    package init(
        course: BatchCourse, client: QueueClient, work: SharedWork, requirements: [String]? = nil, slots: Int
    ) {
        self.course = course
        self.client = client
        self.work = work
        self.requirements = requirements
        self.slots = max(slots, 1)
    }

    private enum Happening: Sendable {
        case supplied(QueueClient.Supply)
        case ended(Lease, slot: Int, RunState?)
        case received(Lease, QueueClient.Reception)
        case stopped(RunState.Stop)
        case calledOff
        /// A watcher has nothing to watch any more.
        case quiet
    }

    /// Serves to the end; the first of the stops, a signal or the run's time limit, ends it here and gives everything back.
    package func run(stops: AsyncStream<RunState.Stop>) async -> SharedServing {
        var serving = SharedServing(work)
        await withTaskGroup(of: Happening.self) { group in
            var free = Array((0..<slots).reversed())
            group.addTask {
                for await stop in stops { return .stopped(stop) }
                return .quiet
            }
            group.addTask { await client.keepBeating() == nil ? .quiet : .calledOff }
            advance(&serving, &free, &group)
            while !serving.isDone, let happening = await group.next() {
                await take(happening, &serving, &free, &group)
                if serving.stop == nil { advance(&serving, &free, &group) }
            }
            group.cancelAll()
        }
        return serving
    }

    private func take(
        _ happening: Happening, _ serving: inout SharedServing, _ free: inout [Int],
        _ group: inout TaskGroup<Happening>
    ) async {
        switch happening {
        case .quiet: break
        case .supplied(let supply):
            serving.receive(supply)
            if serving.stop != nil { await end(&group) }
        case .ended(let lease, let slot, let state):
            free.append(slot)
            guard serving.end(lease, state), let state else { return }
            let ended = EndedLease(lease, failed: state.failedTests, results: SharedResults.text(of: state))
            group.addTask { .received(lease, await client.hand(in: ended)) }
        case .received(let lease, let reception):
            guard let failures = serving.hear(reception, of: lease) else { return }
            // Whoever does not hear it finds out with the next failure.
            try? await client.stop(because: "\(counted(failures, "test")) failed")
            await end(&group)
        case .stopped(let stop):
            serving.end(because: stop)
            await end(&group)
        case .calledOff:
            serving.receive(.stopped(""))
            await end(&group)
        }
    }

    /// What runs is ended, and others may have it at once.
    private func end(_ group: inout TaskGroup<Happening>) async {
        group.cancelAll()
        await client.giveBack()
    }

    private func advance(
        _ serving: inout SharedServing, _ free: inout [Int], _ group: inout TaskGroup<Happening>
    ) {
        while let slot = free.last, let (lease, batch) = serving.next() {
            free.removeLast()
            course.begin(batch, slot: slot)
            let budget = serving.retryBudget
            group.addTask { .ended(lease, slot: slot, await serve(batch, slot, budget)) }
        }
        if let count = serving.wish(freeSlots: free.count) {
            let holding = serving.holding
            group.addTask { .supplied(await client.take(count, requirements: requirements, holding: holding)) }
        }
    }

    /// `nil` if it was ended from outside: then nothing of it counts.
    private func serve(_ batch: QueuedBatch, _ slot: Int, _ budget: RunSettings.RetryBudget) async -> RunState? {
        var state = work.state(of: batch, budget: budget)
        while let next = state.next() {
            let report = await course.run(next, slot: slot)
            state.finish(report)
            course.conclude(report)
            if report.ending == .cancelled || Task.isCancelled { return nil }
        }
        return state
    }
}
