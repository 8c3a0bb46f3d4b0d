package import CICore

/// Why a runner could not list or start.
package struct RunnerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong; decides the exit code.
    package enum Code: Sendable, Hashable {
        /// Exit 2.
        case toolMissing
        /// Exit 2.
        case badConfiguration
        /// Exit 3.
        case listingFailed
        /// Exit 3.
        case buildFailed
    }

    package var code: Code
    package var suite: SuiteName
    /// One sentence: what failed, on what, what to do.
    package var description: String
    /// The tool's own words, bounded.
    package var output: String?

    package init(code: Code, suite: SuiteName, description: String, output: String? = nil) {
        self.code = code
        self.suite = suite
        self.description = description
        self.output = output
    }
}

extension RunnerError {
    /// The tool ended well and left no listing, or one that nobody can read.
    init(noListOf suite: Suite, because problem: String, _ process: CapturedProcess) {
        self.init(
            code: .listingFailed, suite: suite.name,
            description: "suite \(suite.name): cannot list the tests: \(problem)",
            output: RunnerWords.tail(of: process))
    }
}
