/// What a badge can say of results.
package enum BadgeFact: String, Sendable, CaseIterable {
    /// `passing` or `failing`.
    case status
    /// `310 passed, 2 failed`.
    case tests
    /// `none`, or how many tests are flaky.
    case flaky
    /// How long the run took.
    case duration
    /// The share of lines that tests reach.
    case coverage

    /// The label where none is given.
    package var label: String { self == .status ? "build" : rawValue }
}
