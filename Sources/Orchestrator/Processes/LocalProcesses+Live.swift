package import CICore
package import SystemPackage

/// Short processes on this machine.
package struct LocalProcesses: ProcessPort {
    /// Between the request to terminate and the kill.
    private static let grace = Duration.milliseconds(500)

    private let threads = ProcessThreads(limit: 64)

    package init() {}

    package func capture(
        _ command: ProcessCommand, limit: Int, timeout: Duration
    ) async throws(ProcessError) -> CapturedProcess {
        let orders = ProcessOrders()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                threads.submit { wakeUp in
                    continuation.resume(
                        returning: Self.capture(command, limit: limit, timeout: timeout, orders: orders, wakeUp: wakeUp)
                    )
                }
            }
        } onCancel: {
            orders.cancel()
        }
        return try result.get()
    }

    package func locate(_ name: String, path: String) -> FilePath? {
        guard !name.isEmpty else { return nil }
        if name.utf8.contains(UInt8(ascii: "/")) { return Executable.isExecutableFile(name) ? FilePath(name) : nil }
        return Executable.candidates(name, path, from: nil).first(where: Executable.isExecutableFile).map {
            FilePath($0)
        }
    }

    private static func capture(
        _ command: ProcessCommand, limit: Int, timeout: Duration, orders: ProcessOrders, wakeUp: WakeUp
    ) -> Result<CapturedProcess, ProcessError> {
        Result { () throws(ProcessError) in
            let name = command.arguments.first ?? ""
            guard !orders.isCancelled else { throw cancelled(name) }
            let pipes = try CapturePipes(limit: limit)
            let process = try SpawnedProcess.start(
                command, output: pipes.childEnds.output, errors: pipes.childEnds.errors)
            pipes.closeChildEnds()
            var supervised = SupervisedProcess(
                process, limits: TimeLimits(hard: timeout, grace: grace), streams: pipes, orders: orders,
                notice: { _ in })
            let ending = supervised.run(wakeUp)
            switch ending.cause {
            case .couldNotStart(let error): throw error
            case .cancelled: throw cancelled(name)
            case .hardLimit, .silence:
                throw ProcessError(
                    code: .timedOut,
                    description: "\(name) was ended: it took longer than \(DurationText.short(timeout))")
            case .exited: return pipes.captured(ending.exit ?? .exited(0))
            }
        }
    }

    private static func cancelled(_ name: String) -> ProcessError {
        ProcessError(code: .cancelled, description: "\(name) was ended: the run was cancelled")
    }
}
