/// Why a text is no requirement.
package struct RequirementError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where in the text, 1-based, in Unicode scalars.
    package var column: Int
    /// What is wrong, as a clause.
    package var problem: String
    package var expected: String?
    /// The valid word that is most like the one given.
    package var nearest: String?

    /// Where, as a phrase.
    package var place: String { "at character \(column)" }

    package var description: String {
        "\(place): \(problem)" + (expected.map { "; expected \($0)" } ?? "")
            + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
    }
}
