package import CICore

package import struct FoundationEssentials.Date

/// One finished run as history keeps it.
package struct HistoricalRun: Sendable {
    package var id: RunID
    package var startedAt: Date
    package var source: Source
    package var hardware: HardwareClass
    /// Whether everything that was discovered ran to its end; only then the run teaches durations.
    package var isComplete: Bool
    /// Gone through twice; need not be in memory.
    package var tests: any Sequence<TestRecord> & Sendable
    package var batches: [BatchTiming]
    package var parts: Parts

    package init(
        id: RunID, startedAt: Date, source: Source = Source(), hardware: HardwareClass, isComplete: Bool = true,
        tests: any Sequence<TestRecord> & Sendable = [TestRecord](), batches: [BatchTiming] = [],
        parts: Parts = Parts()
    ) {
        self.id = id
        self.startedAt = startedAt
        self.source = source
        self.hardware = hardware
        self.isComplete = isComplete
        self.tests = tests
        self.batches = batches
        self.parts = parts
    }

    /// What code was tested.
    package struct Source: Sendable, Hashable {
        /// `nil` where it is unknown or the working tree had changes: two runs of one commit are compared for flakiness.
        package var commit: String?
        package var branch: String?

        package init(commit: String? = nil, branch: String? = nil) {
            self.commit = commit
            self.branch = branch
        }
    }

    /// How long one runner invocation took, for learning what starting the runner costs.
    package struct BatchTiming: Sendable, Hashable {
        package var suite: SuiteName
        /// Units that were handed to the runner.
        package var units: Int
        /// From the start of the process to its end.
        package var wall: Duration
        /// The sum of the durations of its tests, as reported.
        package var tests: Duration

        package init(suite: SuiteName, units: Int, wall: Duration, tests: Duration) {
            self.suite = suite
            self.units = units
            self.wall = wall
            self.tests = tests
        }
    }

    /// What a run is made of beside its tests: kept for those who ask later, and never learnt from.
    package struct Parts: Sendable, Hashable {
        package var nodes: [Node]
        package var artifacts: [RunArtifact]

        package init(nodes: [Node] = [], artifacts: [RunArtifact] = []) {
            self.nodes = nodes
            self.artifacts = artifacts
        }

        /// Those of a run's results; `hardware` is that of a run that speaks of no nodes, `machines` are by node.
        package init(of results: RunResults, hardware: HardwareClass, machines: [Int: MachineProfile] = [:]) {
            let known = results.nodes.isEmpty ? [NodeRecord(index: 0, hardware: hardware)] : results.nodes
            let spans = Dictionary(grouping: results.timeline, by: \.place.node)
            nodes = known.map { record in
                let own = spans[record.index] ?? []
                return Node(
                    record, batches: own.count, busy: own.reduce(.zero) { $0 + $1.duration },
                    machine: machines[record.index])
            }
            artifacts = results.artifacts
        }
    }

    /// A machine of the run and what it did.
    package struct Node: Sendable, Hashable {
        package var record: NodeRecord
        package var batches: Int
        /// The sum of the times of its batches.
        package var busy: Duration
        /// `nil` where nobody looked.
        package var machine: MachineProfile?

        package init(_ record: NodeRecord, batches: Int, busy: Duration, machine: MachineProfile? = nil) {
            self.machine = machine
            self.record = record
            self.batches = batches
            self.busy = busy
        }
    }
}
