package import CICore

/// What history knows of one suite's durations on one class of hardware; a value, so that planning needs no store.
///
/// A test's estimate is the weighted median of its last durations in complete runs
/// (`SampleStatistics.weightedMedian`); a file's or package's is the sum of its tests in the last complete run that
/// executed any of them. What is unknown gets the 75th percentile of its directory, or of the nearest parent directory
/// that is known, else the runner's default. No estimate is zero.
package struct DurationModel: Sendable {
    package let suite: SuiteName
    /// What one invocation of the runner costs beyond its tests; `nil` while too few batches are known.
    package let invocation: InvocationCost?
    /// The class of hardware that the figures are from, where the asked-for one has none.
    package let borrowedFrom: HardwareClass?
    /// Sorted so that the tests of one container stand together.
    private let timings: [Timing]
    private let positions: [String: Int]
    private let containers: [String: Container]
    private let directories: DirectoryDurations

    /// Nothing is known: every estimate is a default.
    package static func empty(suite: SuiteName) -> DurationModel { DurationModel(suite: suite, timings: []) }

    /// Takes the timings of this suite and of one class of hardware, in any order.
    package init(
        suite: SuiteName, timings: [TestTiming], invocation: InvocationCost? = nil, borrowedFrom: HardwareClass? = nil
    ) {
        self.init(
            suite: suite,
            byContainer: Dictionary(grouping: timings, by: \.container).mapValues { $0.map(Timing.init) },
            invocation: invocation, borrowedFrom: borrowedFrom)
    }

    init(
        suite: SuiteName, byContainer: [String: [Timing]], invocation: InvocationCost?, borrowedFrom: HardwareClass?
    ) {
        var timings: [Timing] = []
        var positions: [String: Int] = [:]
        var containers: [String: Container] = [:]
        let count = byContainer.reduce(0) { $0 + $1.value.count }
        positions.reserveCapacity(count)
        timings.reserveCapacity(count)
        containers.reserveCapacity(byContainer.count)
        for (name, tests) in byContainer {
            for (offset, timing) in tests.enumerated() { positions[timing.selector] = timings.count + offset }
            containers[name] = Container(name, tests, from: timings.count)
            timings.append(contentsOf: tests)
        }
        self.suite = suite
        self.invocation = invocation
        self.borrowedFrom = borrowedFrom
        self.timings = timings
        self.positions = positions
        self.containers = containers
        directories = DirectoryDurations(
            containers.map { name, container in
                DirectoryDurations.Container(
                    name: name, total: container.typical, tests: timings[container.range].map(\.typical))
            })
    }

    /// The number of tests with a learnt duration.
    package var count: Int { timings.count }

    /// Whether nothing was learnt yet.
    package var isEmpty: Bool { timings.isEmpty }

    /// The estimate of one test, or of a class or parameterised test whose members' selectors continue its own.
    package func estimate(test selector: String, container: String, default fallback: Duration) -> Estimate {
        if let sum = sum(of: selector, in: container) { return sum.estimate }
        guard let (name, percentiles) = directories.nearest(to: container) else {
            return Estimate(fallback, basis: .runnerDefault)
        }
        return Estimate(.microseconds(percentiles.test), basis: .directory(name))
    }

    /// The estimate of a whole file, package or binary.
    package func estimate(container: String, default fallback: Duration) -> Estimate {
        if let known = containers[container] { return known.sum.estimate }
        guard let (name, percentiles) = directories.nearest(to: container) else {
            return Estimate(fallback, basis: .runnerDefault)
        }
        return Estimate(.microseconds(percentiles.container), basis: .directory(name))
    }

    /// What one test should never take: the 99th percentile × `limitFactor`; `nil` if it is unknown.
    package func upperBound(test selector: String, container: String) -> Duration? {
        sum(of: selector, in: container)?.upperBound
    }

    /// What a whole container should never take; `nil` if it is unknown.
    package func upperBound(container: String) -> Duration? { containers[container]?.sum.upperBound }

    /// What multiplies a 99th percentile that was seen on so many durations: 3, and more while they are few, as the
    /// largest of n is passed by the next with probability 1/(n+1).
    package static func limitFactor(samples: Int) -> Double { 3 * (1 + 2 / Double(max(samples, 1))) }

    private func sum(of selector: String, in container: String) -> Sum? {
        if let position = positions[selector] { return Sum(timings[position]) }
        guard let known = containers[container] else { return nil }
        let members = timings[known.range].filter { $0.isWithin(selector) && $0.seenAt == known.seenAt }
        return members.reduce(into: nil) { sum, timing in sum = sum.map { $0 + Sum(timing) } ?? Sum(timing) }
    }
}

extension DurationModel {
    /// One test's figures, in microseconds.
    struct Timing: Sendable {
        /// A hundred years: what no duration and no sum exceeds, so that nothing overflows.
        static let longest: Int64 = 3_200_000_000_000_000

        var selector: String
        var typical: Int64
        var upper: Int64
        var samples: Int
        /// Equal for tests of one run, greater for later runs.
        var seenAt: Int64

        /// What stands before the last slash of the selector, where that slash is not one of the container's path.
        func outer(in container: String) -> Substring? {
            guard let end = selector.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
            let isInPath =
                selector.utf8.distance(from: selector.startIndex, to: end) < container.utf8.count
                && selector.hasPrefix(container)
            return isInPath ? nil : selector[..<end]
        }

        /// Whether the selector continues another one at a boundary, as `a.py::C::m[1]` does `a.py::C::m` and `a.py::C`.
        func isWithin(_ outer: String) -> Bool {
            guard selector.utf8.starts(with: outer.utf8) else { return false }
            guard let next = selector.utf8.dropFirst(outer.utf8.count).first else { return true }
            return !(Unicode.Scalar(next).properties.isAlphabetic || next == UInt8(ascii: "_") || next >= 0x80)
                && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next)
        }
    }

    /// A file, package or binary: where its tests are and what its last complete run adds up to.
    private struct Container: Sendable {
        var range: Range<Int>
        var seenAt: Int64
        var sum: Sum

        var typical: Int64 { sum.typical }

        init(_ name: String, _ tests: [Timing], from start: Int) {
            let last = tests.map(\.seenAt).max() ?? 0
            range = start..<start + tests.count
            seenAt = last
            sum = Self.withoutNested(tests.filter { $0.seenAt == last }, of: name).reduce(Sum()) { $0 + Sum($1) }
        }

        /// Leaves out tests that run within another one's time, as Go's `TestParse/empty` does in `TestParse`.
        private static func withoutNested(_ tests: [Timing], of container: String) -> [Timing] {
            guard tests.contains(where: { $0.outer(in: container) != nil }) else { return tests }
            let names = Set(tests.lazy.map { $0.selector[...] })
            return tests.filter { test in test.outer(in: container).map { !names.contains($0) } ?? true }
        }
    }

    /// Several tests together.
    private struct Sum: Sendable {
        var typical: Int64 = 0
        var upper: Int64 = 0
        /// The fewest of any of its tests.
        var samples = Int.max

        init() {}

        init(_ timing: Timing) {
            typical = timing.typical
            upper = timing.upper
            samples = timing.samples
        }

        var estimate: Estimate { Estimate(.microseconds(typical), basis: .history(samples: samples)) }

        var upperBound: Duration {
            .microseconds(Int64((Double(max(upper, 1)) * DurationModel.limitFactor(samples: samples)).rounded()))
        }

        static func + (left: Sum, right: Sum) -> Sum {
            var sum = left
            sum.typical = min(left.typical + right.typical, Timing.longest)
            sum.upper = min(left.upper + right.upper, Timing.longest)
            sum.samples = min(left.samples, right.samples)
            return sum
        }
    }
}

extension DurationModel.Timing {
    fileprivate init(_ timing: TestTiming) {
        self.init(
            selector: timing.selector, typical: min(timing.learnt.typical.microseconds, Self.longest),
            upper: min(timing.learnt.upper.microseconds, Self.longest), samples: timing.learnt.samples,
            seenAt: timing.seenAt.historyMicroseconds)
    }
}
