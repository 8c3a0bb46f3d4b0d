/// The few robust statistics that estimates are made of; integers in, integers out, so that all machines agree.
package enum SampleStatistics {
    /// The lower weighted median: the smallest sample at which the weights of all samples up to it reach half of the total.
    ///
    /// Sample `i`, newest first, weighs `decay^i`. With a decay of 0.85 the newest of three or more samples never reaches
    /// half of the weight alone, so that one outlier can't become the estimate; a lasting change takes over after four of
    /// ten. Zero for no samples.
    package static func weightedMedian(newestFirst samples: some Collection<Int64>, decay: Double) -> Int64 {
        var weighted: [(value: Int64, weight: Double)] = []
        weighted.reserveCapacity(samples.count)
        var weight = 1.0
        for value in samples {
            weighted.append((value, weight))
            weight *= decay
        }
        weighted.sort { ($0.value, $0.weight) < ($1.value, $1.weight) }
        let half = weighted.reduce(0) { $0 + $1.weight } / 2
        var sum = 0.0
        for (value, weight) in weighted {
            sum += weight
            if sum >= half { return value }
        }
        return weighted.last?.value ?? 0
    }

    /// The nearest-rank percentile: the smallest sample that `percent` of all samples don't exceed; zero for no samples.
    package static func percentile(_ percent: Int, ofSorted samples: [Int64]) -> Int64 {
        guard !samples.isEmpty else { return 0 }
        let rank = (samples.count * min(max(percent, 0), 100) + 99) / 100
        return samples[max(rank, 1) - 1]
    }

    /// The mean of the two middle ones for an even count; zero for no samples.
    package static func median(_ samples: [Double]) -> Double {
        guard !samples.isEmpty else { return 0 }
        let sorted = samples.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
