import Artifacts
import CICore

/// Serves a run's batches on this machine's slots until `RunState` has no more to give.
///
/// The state lives in one place, the loop below; batches are child tasks, so that ending the run ends them.
package struct RunEngine: Sendable {
    private let course: BatchCourse
    private let slots: Int

    package init(executor: BatchExecutor, events: EventStamp, slots: Int) {
        course = BatchCourse(executor: executor, events: events)
        self.slots = max(slots, 1)
    }

    private enum Happening: Sendable {
        case finished(BatchReport)
        case stopped(RunState.Stop)
        /// Nobody can stop the run any more.
        case unstoppable
    }

    /// Runs to the end, and gives the state as it is then.
    ///
    /// The first of the stops, a signal or the run's time limit, ends the run.
    package func run(_ initial: RunState, stops: AsyncStream<RunState.Stop>) async -> RunState {
        var state = initial
        let began = ContinuousClock.now
        await serve(&state, stops: stops, since: began)
        // A group that was ended starts nothing any more.
        if !state.isFinished, state.isCleaningUp { await serve(&state, stops: stops, since: began) }
        return state
    }

    private func serve(
        _ state: inout RunState, stops: AsyncStream<RunState.Stop>, since began: ContinuousClock.Instant
    ) async {
        let wasStopped = state.stop != nil
        await withTaskGroup(of: Happening.self) { group in
            var free = Array((0..<slots).reversed())
            group.addTask {
                for await stop in stops { return .stopped(stop) }
                return .unstoppable
            }
            start(&state, &free, &group)
            while !state.isFinished, let happening = await group.next() {
                switch happening {
                case .unstoppable: break
                case .stopped(let stop):
                    state.end(because: stop)
                    group.cancelAll()
                case .finished(let report):
                    free.append(report.slot)
                    state.finish(report)
                    course.conclude(report, leavingOut: state.takeLeftOut())
                    if let news = state.reach(ContinuousClock.now - began) { course.tell(news) }
                    guard state.stop == nil || wasStopped else {
                        group.cancelAll()
                        break
                    }
                    start(&state, &free, &group)
                }
            }
            group.cancelAll()
        }
    }

    private func start(_ state: inout RunState, _ free: inout [Int], _ group: inout TaskGroup<Happening>) {
        while let slot = free.last, let batch = state.next() {
            free.removeLast()
            course.begin(batch, slot: slot)
            group.addTask { .finished(await course.run(batch, slot: slot)) }
        }
    }
}
