/// How long a unit is expected to take, and why.
package struct Estimate: Sendable, Hashable {
    /// Never zero.
    package var duration: Duration
    package var basis: Basis

    package init(_ duration: Duration, basis: Basis) {
        self.duration = max(duration, .microseconds(1))
        self.basis = basis
    }

    /// Where an estimate comes from, best first.
    package enum Basis: Sendable, Hashable {
        /// The median of this many past complete runs.
        case history(samples: Int)
        /// What the runner itself says, such as CTest's `COST`.
        case declared
        /// The 75th percentile of the tests in this directory.
        case directory(String)
        /// What the runner's tests take as a rule.
        case runnerDefault
    }
}
