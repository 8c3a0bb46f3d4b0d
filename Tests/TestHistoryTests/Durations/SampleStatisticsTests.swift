import TestHistory
import Testing

@Suite struct SampleStatisticsTests {
    @Test(
        arguments: [
            ([], 0), ([7], 7), ([5, 5, 5], 5), ([1, 2, 3], 2), ([100, 1, 1], 1), ([9, 9, 9, 9, 1, 1, 1, 1, 1, 1], 9),
            ([9, 9, 9, 1, 1, 1, 1, 1, 1, 1], 1),
        ] as [([Int64], Int64)])
    func `the weighted median leans to the newest`(samples: [Int64], expected: Int64) {
        #expect(SampleStatistics.weightedMedian(newestFirst: samples, decay: 0.85) == expected)
    }

    @Test(arguments: 3...10)
    func `one outlier never becomes the estimate`(count: Int) {
        for position in 0..<count {
            var samples = [Int64](repeating: 10, count: count)
            samples[position] = 1_000_000
            #expect(SampleStatistics.weightedMedian(newestFirst: samples, decay: 0.85) == 10)
        }
    }

    @Test func `without decay it is the plain lower median, whatever the order`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let samples = (0..<Int.random(in: 1...20)).map { _ in Int64.random(in: 0...50, using: &random) }
            let median = SampleStatistics.weightedMedian(newestFirst: samples, decay: 1)
            #expect(median == samples.sorted()[(samples.count - 1) / 2])
            #expect(median == SampleStatistics.weightedMedian(newestFirst: samples.shuffled(), decay: 1))
        }
    }

    @Test func `it is one of the samples and scales with them`() {
        for _ in 0..<200 {
            let samples = (0..<Int.random(in: 1...12)).map { _ in Int64.random(in: 0...1000) }
            let median = SampleStatistics.weightedMedian(newestFirst: samples, decay: 0.85)
            #expect(samples.contains(median))
            let scaled = SampleStatistics.weightedMedian(newestFirst: samples.map { $0 * 3 }, decay: 0.85)
            #expect(scaled == median * 3)
        }
    }

    @Test(arguments: [(75, 3), (99, 4), (0, 1), (100, 4), (25, 1), (26, 2)] as [(Int, Int64)])
    func `percentiles take the nearest rank`(percent: Int, expected: Int64) {
        #expect(SampleStatistics.percentile(percent, ofSorted: [1, 2, 3, 4]) == expected)
    }

    @Test func `no samples give zero`() {
        #expect(SampleStatistics.percentile(99, ofSorted: []) == 0)
        #expect(SampleStatistics.median([]) == 0)
    }
}
