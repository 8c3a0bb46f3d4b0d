package import CICore
package import TestHistory

/// How long a batch may take: as configured, else from what its tests took so far.
package struct TimeoutPolicy: Sendable {
    /// Below this no limit is drawn from history: a busy machine alone can cost so much.
    static let least = Duration.seconds(300)
    private let models: [SuiteName: DurationModel]
    private let silence: Duration?

    /// - Parameters:
    ///   - models: what is known of each suite.
    ///   - silence: a batch that writes nothing for so long is ended; `nil` = never.
    package init(models: [SuiteName: DurationModel], silence: Duration?) {
        self.models = models
        self.silence = silence
    }

    /// Soft: the history's own bound (99th percentile × factor). Hard: the configured limit, else three times the soft
    /// one.
    package func limits(for batch: QueuedBatch, of suite: Suite, dumpSignal: Int32?) -> TimeLimits {
        let expected = expectedBound(of: batch)
        let configured = suite.policy.timeout
        return TimeLimits(
            soft: expected,
            hard: configured ?? expected.map { max($0 * 3, Self.least) },
            silence: silence, dumpSignal: dumpSignal)
    }

    /// `nil` as soon as one unit is unknown: a limit that ends a new test wrongly is worse than none.
    private func expectedBound(of batch: QueuedBatch) -> Duration? {
        guard let model = models[batch.suite] else { return nil }
        var sum = (model.invocation.map { $0.fixed + $0.perUnit * batch.units.count } ?? .seconds(2)) * 3
        for unit in batch.units {
            let bound =
                unit.granularity == .file
                ? model.upperBound(container: unit.selector)
                : model.upperBound(test: unit.selector, container: unit.container)
            guard let bound else { return nil }
            sum += bound
        }
        return sum
    }
}
