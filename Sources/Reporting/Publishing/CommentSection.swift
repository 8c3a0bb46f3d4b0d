/// What one job of a build says in the comment that all its jobs share.
package struct CommentSection: Sendable, Hashable {
    /// The job's name among the others: what it said before is replaced.
    package var key: String
    package var commit: String
    package var order: Order
    /// Always shown.
    package var head: String
    /// Left out where the comment would get too long.
    package var details: String

    package init(key: String, commit: String, order: Order, head: String, details: String) {
        self.key = key
        self.commit = commit
        self.order = order
        self.head = head
        self.details = details
    }

    /// Which of two reports of the same job is the newer one.
    package struct Order: Sendable, Hashable, Comparable {
        /// The service's number of the run, where it counts upwards.
        package var run: Int
        /// 1-based.
        package var attempt: Int
        /// Seconds since 1970 at the start of the run, which a pending report and the final one share, and whether it
        /// is the final one.
        package var start: Int
        package var isFinal: Bool

        package init(run: Int = 0, attempt: Int = 1, start: Int, isFinal: Bool) {
            self.run = run
            self.attempt = attempt
            self.start = start
            self.isFinal = isFinal
        }

        package static func < (left: Self, right: Self) -> Bool {
            (left.run, left.attempt, left.start, left.isFinal ? 1 : 0)
                < (right.run, right.attempt, right.start, right.isFinal ? 1 : 0)
        }
    }
}
