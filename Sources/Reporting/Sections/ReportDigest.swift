import CICore

/// What of a run's tests a report shows, gathered in one pass over all of them.
struct ReportDigest: Sendable {
    /// In the order of the run, quarantined ones included.
    private(set) var failures: [TestRecord] = []
    private(set) var flaky: [TestRecord] = []
    /// Slowest first, ties by id.
    private(set) var slowest: [TestRecord] = []

    static let slowestCount = 10
    /// What is faster is not worth a line.
    private static let slow = Duration.milliseconds(10)

    init(_ tests: [TestRecord]) {
        var least = Self.slow
        for test in tests {
            if test.outcome.isFailure {
                failures.append(test)
            } else if test.isFlaky {
                flaky.append(test)
            }
            let duration = test.duration
            guard duration >= least, tests.count > 1 else { continue }
            take(test, duration)
            if slowest.count == Self.slowestCount, let last = slowest.last { least = last.duration }
        }
    }

    private mutating func take(_ test: TestRecord, _ duration: Duration) {
        let place = slowest.firstIndex { ($0.duration, test.id) < (duration, $0.id) } ?? slowest.count
        guard place < Self.slowestCount else { return }
        slowest.insert(test, at: place)
        if slowest.count > Self.slowestCount { slowest.removeLast() }
    }
}
