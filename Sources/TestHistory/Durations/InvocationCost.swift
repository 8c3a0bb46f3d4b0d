import CICore

/// What starting a suite's runner costs beyond its tests, learnt from past batches.
package struct InvocationCost: Sendable, Hashable {
    /// Once for each invocation.
    package var fixed: Duration
    /// Once more for each unit of the batch, such as importing a file; zero while too few batches are known.
    package var perUnit: Duration
    /// The batches it was learnt from.
    package var samples: Int

    package init(fixed: Duration, perUnit: Duration = .zero, samples: Int) {
        self.fixed = fixed
        self.perUnit = perUnit
        self.samples = samples
    }

    /// Fits `wall − tests = fixed + perUnit × units` by the Theil–Sen estimator: the slope is the median of the slopes
    /// between all pairs of batches, the intercept the median of what remains (H. Theil 1950; P. K. Sen, "Estimates of the
    /// regression coefficient based on Kendall's tau", JASA 1968). It stands up to 29% of outliers.
    ///
    /// With fewer than eight batches, or all of one size, the slope is taken as zero, which leaves the median. Quadratic
    /// in the number of batches: give it at most a few dozen.
    ///
    /// - Returns: `nil` for fewer than three batches.
    package init?(learningFrom batches: [HistoricalRun.BatchTiming]) {
        guard batches.count >= Self.minimum else { return nil }
        let points = batches.map { (units: Double($0.units), rest: ($0.wall - $0.tests).seconds) }
        var slopes: [Double] = []
        if points.count >= Self.minimumForSlope {
            for (index, left) in points.enumerated() {
                for right in points[..<index] where left.units != right.units {
                    slopes.append((left.rest - right.rest) / (left.units - right.units))
                }
            }
        }
        let slope = max(SampleStatistics.median(slopes), 0)
        let intercept = max(SampleStatistics.median(points.map { $0.rest - slope * $0.units }), 0)
        self.init(
            fixed: .microseconds(Int64((intercept * 1e6).rounded())),
            perUnit: .microseconds(Int64((slope * 1e6).rounded())), samples: batches.count)
    }

    private static let minimum = 3
    private static let minimumForSlope = 8
}
