/// What became of a test, from best to worst.
package enum Outcome: String, Sendable, Hashable, CaseIterable, Comparable {
    case passed
    case skipped
    case failed
    case errored

    /// Whether this outcome alone makes a run fail.
    package var isFailure: Bool { self == .failed || self == .errored }

    private var severity: Int {
        switch self {
        case .passed: 0
        case .skipped: 1
        case .failed: 2
        case .errored: 3
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.severity < right.severity }
}
