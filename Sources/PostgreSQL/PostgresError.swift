/// Why a database did not do what it was asked for; passwords are never in it.
package struct PostgresError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    package enum Code: Sendable, Hashable {
        /// libpq is not on this machine.
        case libraryMissing
        /// The text is no URL of a PostgreSQL server.
        case malformedURL
        /// No connection came about: nothing listens, the name is unknown, the network is down, the server starts.
        case unreachable
        /// The server wants another user, password, database or encryption.
        case denied
        /// The connection ended while it was used: whether the statement took effect is unknown.
        case lost
        /// No answer came in time: whether the statement took effect is unknown.
        case timedOut
        /// Another transaction was in the way; trying again helps.
        case conflict
        /// The server refused the statement; its five characters of SQLSTATE.
        case refused(state: String)
    }

    package var code: Code
    /// One sentence: what failed, on what, what to do.
    package var description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// Whether another try may succeed without anybody changing anything.
    package var isPassing: Bool {
        switch code {
        case .unreachable, .lost, .timedOut, .conflict: true
        case .libraryMissing, .malformedURL, .denied, .refused: false
        }
    }

    /// What to do without libpq.
    static let missingLibrary = PostgresError(
        .libraryMissing,
        "libpq 12 or newer is not installed here, which speaks to PostgreSQL: install the package libpq5 (Debian, "
            + "Ubuntu) or libpq (others)")
}
