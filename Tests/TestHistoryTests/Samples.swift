import CICore
import FoundationEssentials
import SystemPackage
import TestHistory

/// Runs of a suite called `unit`, made in one line.
enum Sample {
    static let suite: SuiteName = "unit"
    static let linux: HardwareClass = "linux-x86_64-2cpu"

    /// The start of the n-th run: a whole number of seconds, so that every store keeps it exactly.
    static func time(_ number: Int) -> Date { Date(timeIntervalSince1970: 1_700_000_000 + Double(number) * 60) }

    static func test(
        _ selector: String, in container: String = "tests/test_a.py", _ attempts: (Outcome, Duration)...
    ) -> TestRecord {
        TestRecord(
            id: TestID(suite: suite, selector: selector),
            identity: TestIdentity(suite: suite, className: container, name: selector), container: container,
            attempts: attempts.map { Attempt(outcome: $0, duration: $1) })
    }

    static func run(
        _ number: Int, on hardware: HardwareClass = linux, complete: Bool = true, commit: String? = nil,
        tests: [TestRecord], batches: [HistoricalRun.BatchTiming] = []
    ) -> HistoricalRun {
        HistoricalRun(
            id: RunID("run-\(number)"), startedAt: time(number),
            source: HistoricalRun.Source(commit: commit, branch: "main"), hardware: hardware, isComplete: complete,
            tests: tests, batches: batches)
    }
}

/// A directory of its own that is gone afterwards.
func withTemporaryDirectory<Value>(_ body: (FilePath) async throws -> Value) async throws -> Value {
    let files = LocalFileSystem()
    let path = FilePath("/tmp/dt-ci-history-\(UInt64.random(in: 0 ... .max))")
    try files.createDirectory(path)
    do {
        let value = try await body(path)
        try files.remove(path)
        return value
    } catch {
        try? files.remove(path)  // the error of the test matters more
        throw error
    }
}
