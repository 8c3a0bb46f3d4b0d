package import CICore
import Synchronization

/// The processes of batches on this machine.
package final class LocalBatchProcesses: BatchProcesses {
    private let threads: ProcessThreads
    private let orphans: OrphanGuard?
    private let running = Mutex<[ObjectIdentifier: ProcessOrders]>([:])

    /// Prepares for that many processes at a time.
    ///
    /// With a run, a watchdog process is started at once, which ends the run's processes should dt-ci be killed; every
    /// command must then have `DTCI_RUN_ID` in its environment. Without one, processes that leave their group live on.
    package init(slots: Int, run: RunID?) {
        threads = ProcessThreads(limit: max(1, slots))
        orphans = run.flatMap { OrphanGuard(run: $0) }
    }

    package func run(
        _ command: ProcessCommand, output: OutputFiles, limits: TimeLimits,
        notice: @escaping @Sendable (ProcessNotice) -> Void
    ) async -> ProcessEnding {
        let orders = ProcessOrders()
        running.withLock { $0[ObjectIdentifier(orders)] = orders }
        defer { running.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(orders)) } }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                threads.submit { [orphans] wakeUp in
                    let batch = BatchProcess(
                        command: command, output: output, limits: limits, orphans: orphans, notice: notice)
                    continuation.resume(returning: batch.run(orders, wakeUp))
                }
            }
        } onCancel: {
            orders.cancel()
        }
    }

    package func killAll() {
        for orders in running.withLock({ Array($0.values) }) { orders.kill() }
    }

    package func endStragglers() async -> [Straggler] {
        guard let orphans else { return [] }
        return await withCheckedContinuation { continuation in
            threads.submit { _ in continuation.resume(returning: orphans.endStragglers()) }
        }
    }
}

/// One batch process on its thread.
private struct BatchProcess {
    let command: ProcessCommand
    let output: OutputFiles
    let limits: TimeLimits
    let orphans: OrphanGuard?
    let notice: @Sendable (ProcessNotice) -> Void

    func run(_ orders: ProcessOrders, _ wakeUp: WakeUp) -> ProcessEnding {
        guard !orders.isCancelled else { return ProcessEnding(exit: nil, cause: .cancelled) }
        do throws(ProcessError) {
            let follower = try OutputFollower(output, silence: limits.silence, notice: notice)
            let process = try SpawnedProcess.start(
                command, output: follower.childEnds.output, errors: follower.childEnds.errors)
            let slot = orphans?.enroll(process.id)
            defer { orphans?.dismiss(slot ?? nil) }
            follower.closeChildEnds()
            var supervised = SupervisedProcess(
                process, limits: limits, streams: follower, orders: orders, notice: notice)
            return supervised.run(wakeUp)
        } catch {
            return ProcessEnding(exit: nil, cause: .couldNotStart(error))
        }
    }
}
