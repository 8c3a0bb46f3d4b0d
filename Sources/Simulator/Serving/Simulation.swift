/// APIs on loopback, with what is to go wrong.
package struct Simulation: Sendable {
    package var apis: [SimulatedAPI]
    package var faults: [Fault]
    /// Texts that no record may show.
    package var secrets: [String]
    /// Gets every exchange as it ends, one at a time.
    package var sink: @Sendable (RecordedExchange) -> Void
    /// Seconds since 1970.
    package var clock: @Sendable () -> Int64

    /// Without a clock every request comes at the same moment, as tests like it.
    package init(
        _ apis: [SimulatedAPI], faults: [Fault] = [], secrets: [String] = [],
        clock: @escaping @Sendable () -> Int64 = { 1_750_000_000 },
        sink: @escaping @Sendable (RecordedExchange) -> Void = { _ in }
    ) {
        self.apis = apis
        self.faults = faults
        self.secrets = secrets
        self.clock = clock
        self.sink = sink
    }

    /// Serves on a free port of 127.0.0.1 for as long as `body` runs.
    package func serving<Result: Sendable>(
        _ body: @escaping @Sendable (RunningSimulation) async throws -> Result
    ) async throws -> Result {
        let recorder = Recorder(secrets: secrets, sink: sink)
        let responder = SimulationResponder(simulation: self, recorder: recorder, plan: FaultPlan(faults))
        let apis = apis
        return try await LoopbackServer.serving(responder) { port in
            try await body(RunningSimulation(port: port, apis: apis, recorder: recorder))
        }
    }
}

/// A simulation that answers.
package struct RunningSimulation: Sendable {
    package let port: Int
    let apis: [SimulatedAPI]
    let recorder: Recorder

    /// An API's base without a slash at the end: `http://127.0.0.1:4711/github`.
    package func base(of api: String) -> String { "http://127.0.0.1:\(port)/\(api)" }

    /// What a person would see now, of all APIs.
    package var exhibit: Exhibit { apis.reduce(Exhibit()) { $0.joined(with: $1.exhibit()) } }

    /// What was exchanged so far, at most the first `SimulationLimits.exchanges`.
    package var exchanges: [RecordedExchange] { recorder.exchanges }
}
