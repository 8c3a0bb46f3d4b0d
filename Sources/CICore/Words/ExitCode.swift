/// What `dt-ci` returns to the CI service; the numbers are part of the public interface.
package enum ExitCode: Sendable, Hashable {
    case passed
    case testsFailed
    case usage
    case collectionFailed
    case infrastructure
    case nothingRan
    case onlyFlaky
    /// Ended by this signal.
    case signal(Int32)

    package var rawValue: Int32 {
        switch self {
        case .passed: 0
        case .testsFailed: 1
        case .usage: 2
        case .collectionFailed: 3
        case .infrastructure: 4
        case .nothingRan: 5
        case .onlyFlaky: 6
        case .signal(let number): 128 + number
        }
    }

    /// One line for the documented table.
    package var meaning: String {
        switch self {
        case .passed: "passed (flaky allowed unless --fail-on-flaky)"
        case .testsFailed: "tests failed"
        case .usage: "usage or configuration"
        case .collectionFailed: "build or collection error"
        case .infrastructure: "infrastructure: tests lost or an engine failed"
        case .nothingRan: "nothing ran at all"
        case .onlyFlaky: "only flaky failures and --fail-on-flaky"
        case .signal: "ended by signal n"
        }
    }

    /// The table of the reference, in order.
    package static let documented: [ExitCode] = [
        .passed, .testsFailed, .usage, .collectionFailed, .infrastructure, .nothingRan, .onlyFlaky,
    ]
}
