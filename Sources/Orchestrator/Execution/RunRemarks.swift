import Artifacts
package import CICore
package import SystemPackage

/// What a run noticed beside its tests, for the console and the verdict.
package struct RunRemarks: Sendable, Hashable {
    /// A batch that did not end normally.
    package struct Problem: Sendable, Hashable {
        package var batch: BatchID
        package var suite: SuiteName
        package var text: String
        /// Where its whole output is.
        package var log: FilePath?
    }

    package var problems: [Problem] = []
    /// Units that were run and held no tests.
    package var empty: [UnitID] = []
    package var warnings: [String] = []
    package var costs: [BatchCost] = []
    /// What tests attached and was kept.
    package var attachments: [RunArtifact] = []
    /// Every batch that a slot took, in the order of their ends.
    package var served: [ReplayRecord.Batch] = []

    package init() {}

    /// Takes a batch's remarks.
    package mutating func add(_ report: BatchReport) {
        if let problem = report.ending.problem, report.ending != .cancelled {
            problems.append(
                Problem(batch: report.batch.id, suite: report.batch.suite, text: problem, log: report.trace.log))
        }
        warnings += report.trace.warnings
        attachments += report.trace.attachments
        costs.append(BatchCost(report))
        served.append(ReplayRecord.Batch(report.batch, slot: report.slot))
    }

    /// Takes over those of another part of the run.
    mutating func absorb(_ other: RunRemarks) {
        problems += other.problems
        empty += other.empty
        warnings += other.warnings
        costs += other.costs
        attachments += other.attachments
        served += other.served
    }
}

/// What a batch cost, as the history learns it.
package struct BatchCost: Sendable, Hashable {
    package var suite: SuiteName
    package var slot: Int
    package var units: Int
    package var wall: Duration
    /// Sum over its tests.
    package var tests: Duration
    /// Whether it ended normally, on its first attempt.
    package var isOrdinary: Bool

    init(_ report: BatchReport) {
        suite = report.batch.suite
        slot = report.slot
        units = report.batch.units.count
        wall = report.cost.wall
        tests = report.tests.reduce(.zero) { sum, observed in
            observed.test.attempts.reduce(sum) { $0 + $1.duration }
        }
        isOrdinary = report.ending == .completed && report.batch.purpose == .planned
    }
}
