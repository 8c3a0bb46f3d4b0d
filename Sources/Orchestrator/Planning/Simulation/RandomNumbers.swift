#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Numbers of the distributions that simulations need, the same for the same seed.
struct RandomNumbers {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// From 0 to below 1.
    mutating func uniform() -> Double { Double.random(in: 0..<1, using: &generator) }

    /// From 0 to below a bound.
    mutating func place(below bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }

    /// Mean 0 and σ 1, by the transformation of Box and Muller (1958).
    mutating func normal() -> Double {
        (-2 * log(1 - uniform())).squareRoot() * cos(2 * Double.pi * uniform())
    }

    /// The median is 1.
    mutating func lognormal(_ sigma: Double) -> Double { exp(sigma * normal()) }

    /// The mean is 1.
    mutating func noise(_ sigma: Double) -> Double { exp(sigma * normal() - sigma * sigma / 2) }

    /// A uniform number to the power of 2/3, which Pareto's distribution of the shape 1.5 is the inverse of.
    mutating func cubeRootOfSquare() -> Double { pow(1 - uniform(), 2.0 / 3) }

    /// The time to the next of events that happen so often in a unit of time; infinite for those that never do.
    mutating func wait(rate: Double) -> Double { rate > 0 ? -log(1 - uniform()) / rate : .infinity }
}
