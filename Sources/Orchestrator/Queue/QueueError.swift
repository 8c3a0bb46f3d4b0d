/// Why a queue did not do what it was asked for; passwords are never in it.
package struct QueueError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    package enum Code: Sendable, Hashable {
        /// The text names no place that a queue can be at.
        case malformedURL
        /// It cannot be reached now, or was lost on the way: another try may help.
        case unreachable
        /// It lets nobody in, or its program is missing: another try does not help.
        case unusable
        /// Something else is at that place.
        case foreign
        /// Another version of dt-ci made it, or made the run.
        case otherVersion
        /// The run with this id is another one: of another commit or another plan.
        case otherRun
        /// No such run is open.
        case noRun
    }

    package var code: Code
    /// One sentence: what failed, on what, what to do.
    package var description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// Whether another try may succeed without anybody changing anything.
    package var isPassing: Bool { code == .unreachable }
}
