/// Which artifacts a store keeps; each bound removes what passes it, the oldest first.
package struct RetentionPolicy: Sendable, Hashable {
    /// Older ones go.
    package var maximumAge: Duration?
    /// Of all contents, each counted once, in bytes.
    package var maximumSize: Int64?
    /// At most so many stay, the newest.
    package var maximumCount: Int?

    package init(maximumAge: Duration? = nil, maximumSize: Int64? = nil, maximumCount: Int? = nil) {
        self.maximumAge = maximumAge
        self.maximumSize = maximumSize
        self.maximumCount = maximumCount
    }

    /// Why an artifact goes.
    package enum Reason: String, Sendable, Hashable {
        case age
        case size
        case count
    }

    /// What is decided, newest first, one artifact at a time.
    struct Decision {
        let policy: RetentionPolicy
        private var kept = 0
        private var size: Int64 = 0
        private var isFull = false

        init(_ policy: RetentionPolicy) { self.policy = policy }

        /// Why the next artifact goes; `nil` if it stays. What is protected always stays and is counted.
        ///
        /// `added` gives the bytes that only this one and older ones have, and is asked only where that matters.
        mutating func reason<Failure>(
            age: Duration, isProtected: Bool, added: () throws(Failure) -> Int64
        ) throws(Failure) -> Reason? {
            if !isProtected {
                if let limit = policy.maximumAge, age > limit { return .age }
                if let limit = policy.maximumCount, kept >= limit { return .count }
                if isFull { return .size }
            }
            let bytes = try added()
            if let limit = policy.maximumSize, size + bytes > limit {
                isFull = true
                if !isProtected { return .size }
            }
            kept += 1
            size += bytes
            return nil
        }
    }
}
