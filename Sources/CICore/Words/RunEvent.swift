package import struct FoundationEssentials.Date

/// Something that happened during a run, in order: progress, `--events` and hooks all read these.
package struct RunEvent: Sendable {
    /// Wall-clock time.
    package var at: Date
    /// 0-based, without gaps.
    package var sequence: Int
    package var kind: Kind

    package init(at: Date, sequence: Int, kind: Kind) {
        self.at = at
        self.sequence = sequence
        self.kind = kind
    }

    /// What happened.
    package enum Kind: Sendable {
        /// `estimate` is the sum over all planned batches; zero where nothing is known.
        case runStarted(RunID, units: Int, slots: Int, estimate: Duration = .zero)
        case nodeJoined(name: String, slots: Int)
        case nodeLost(name: String, reason: String)
        case batchLeased(BatchID, slot: Int)
        case batchStarted(BatchID, suite: SuiteName, units: [UnitID], slot: Int, estimate: Duration)
        case testFinished(TestID, Attempt, slot: Int)
        case batchFinished(BatchID, slot: Int, duration: Duration, problem: String?)
        case error(String)
        case runFinished(RunID, exitCode: Int32)
    }
}
