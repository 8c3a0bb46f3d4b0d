/// Why a configuration file cannot be used: everything that is wrong with it, not just the first.
package struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// In the order of the file, never empty.
    package var issues: [Issue]

    package init(_ issues: [Issue]) { self.issues = issues }

    /// One issue a line, at most twenty of them.
    package var description: String {
        let shown = issues.prefix(20).map(\.description)
        let rest = issues.count - shown.count
        return (shown + (rest > 0 ? ["… and \(rest) more"] : [])).joined(separator: "\n")
    }

    /// One thing that is wrong.
    package struct Issue: Sendable, Hashable, CustomStringConvertible {
        /// A file as the user named it, or an option or variable.
        package var source: String
        /// `nil` where the whole source is meant.
        package var position: Position?
        /// What is wrong, as a clause.
        package var problem: String
        /// What should stand there.
        package var expected: String?
        /// The valid word that is most like the one given.
        package var nearest: String?

        package init(
            source: String, position: Position? = nil, problem: String, expected: String? = nil, nearest: String? = nil
        ) {
            self.source = source
            self.position = position
            self.problem = problem
            self.expected = expected
            self.nearest = nearest
        }

        package var description: String {
            let place = position.map { "\(source):\($0.line):\($0.column)" } ?? source
            let expectation = expected.map { "; expected \($0)" } ?? ""
            let suggestion = nearest.map { "; did you mean \"\($0)\"?" } ?? ""
            return "\(place): \(problem)\(expectation)\(suggestion)"
        }
    }

    /// A place in a text; both are 1-based, columns count Unicode scalars.
    package struct Position: Sendable, Hashable, Comparable {
        package var line: Int
        package var column: Int

        package init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }

        package static func < (left: Self, right: Self) -> Bool {
            (left.line, left.column) < (right.line, right.column)
        }
    }
}
