package import CICore

/// What a report came to, besides its tests.
package struct ReportOutline: Sendable, Hashable {
    /// As found in the content.
    package var format: ReportFormat
    /// Tests that were handed over.
    package var tests = 0
    /// Counts of suites that hold no tests, only attributes that say how many there were.
    package var declared = Totals()
    /// The sum of the tests' times.
    package var duration = Duration.zero
    /// One sentence each: what was wrong, but no reason to stop.
    package var warnings: [String] = []

    package init(format: ReportFormat) { self.format = format }
}

/// Why a file gave no results at all.
package struct ReportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    package enum Code: Sendable, Hashable {
        case unreadable
        case empty
        /// Some other file: XML of another kind, a text, a picture.
        case notAReport
    }

    package var code: Code
    /// One sentence without the path.
    package var description: String

    package init(code: Code, description: String) {
        self.code = code
        self.description = description
    }
}
