/// Why the history could not be read or written; callers go on without estimates.
package struct HistoryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    package enum Code: Sendable, Hashable {
        /// The URL names a kind of store that this build doesn't have.
        case unsupported
        /// Nothing is there, and nothing was to be created.
        case missing
        /// The file can't be opened, created or written: permissions, a full disk, a read-only mount.
        case unwritable
        /// The file is not a history, or is damaged.
        case corrupt
        /// A newer dt-ci wrote it.
        case newerSchema
        /// Another process kept it locked for longer than the busy timeout.
        case busy
        /// A file to import that isn't what it should be.
        case malformedImport
    }

    package var code: Code
    /// The URL or path.
    package var location: String
    /// One sentence: what failed, on what, what to do.
    package var description: String
    /// The library's own words.
    package var underlying: String?

    package init(code: Code, location: String, description: String, underlying: String? = nil) {
        self.code = code
        self.location = location
        self.description = description
        self.underlying = underlying
    }
}
