package import Artifacts
package import CICore
package import SystemPackage

/// One test as a batch saw it, matched with the suite.
package struct ObservedTest: Sendable, Hashable {
    package var id: TestID
    package var address: TestAddress
    package var test: ReportedTest

    package init(id: TestID, address: TestAddress, test: ReportedTest) {
        self.id = id
        self.address = address
        self.test = test
    }
}

/// Everything a batch left behind, and nothing of what follows from it.
package struct BatchReport: Sendable {
    /// With its units as they were run: cut finer than asked where the batch said so.
    package var batch: QueuedBatch
    package var slot: Int
    package var tests: [ObservedTest]
    package var ending: Ending
    /// Filled where the runner keeps a record of what it collected and began.
    package var progress: BatchProgress
    package var cost: Cost
    package var trace: Trace

    package init(
        batch: QueuedBatch, slot: Int, tests: [ObservedTest] = [], ending: Ending,
        progress: BatchProgress = BatchProgress(), cost: Cost = Cost(), trace: Trace = Trace()
    ) {
        self.batch = batch
        self.slot = slot
        self.tests = tests
        self.ending = ending
        self.progress = progress
        self.cost = cost
        self.trace = trace
    }

    /// How the batch ended, in the run's terms.
    package enum Ending: Sendable, Hashable {
        /// The reports are the whole truth, failures included.
        case completed
        /// The selection held no tests.
        case nothingCollected
        /// The reports are in order and no test failed, yet the process says that it failed.
        case failedAfterwards(String)
        /// The exit code of a command without reports says that something failed, not what.
        case unattributedFailure(String)
        case collectionFailed(String)
        case buildFailed(String)
        case misused(String)
        case crashed(String)
        case timedOut(String)
        case cancelled
        case couldNotStart(String)

        /// What went wrong, for people; `nil` after a normal end.
        package var problem: String? {
            switch self {
            case .completed, .nothingCollected: nil
            case .cancelled: "cancelled"
            case .failedAfterwards(let words), .unattributedFailure(let words), .collectionFailed(let words),
                .buildFailed(let words), .misused(let words), .crashed(let words), .timedOut(let words),
                .couldNotStart(let words):
                words
            }
        }
    }

    /// What the process used.
    package struct Cost: Sendable, Hashable {
        package var wall: Duration
        package var cpu: Duration
        /// Bytes.
        package var peakMemory: Int?

        package init(wall: Duration = .zero, cpu: Duration = .zero, peakMemory: Int? = nil) {
            self.wall = wall
            self.cpu = cpu
            self.peakMemory = peakMemory
        }
    }

    /// Where the batch's own files are.
    package struct Trace: Sendable, Hashable {
        /// The whole output; `nil` if no process was started.
        package var log: FilePath?
        package var command: [String]
        package var reports: [FilePath]
        package var warnings: [String]
        /// What its tests attached and was kept.
        package var attachments: [RunArtifact] = []

        package init(log: FilePath? = nil, command: [String] = [], reports: [FilePath] = [], warnings: [String] = []) {
            self.log = log
            self.command = command
            self.reports = reports
            self.warnings = warnings
        }
    }
}
