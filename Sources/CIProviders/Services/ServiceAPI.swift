import CICore

/// A CI service's own API: what it can do for a build beside what the forge does.
package struct ServiceAPI: Sendable {
    package let capabilities: Set<Capability>
    /// What to add where a capability is refused.
    package let advice: [Capability: String]
    private let connection: @Sendable (APIAccess) -> ServiceConnection

    init(
        capabilities: Set<Capability>, advice: [Capability: String],
        connection: @escaping @Sendable (APIAccess) -> ServiceConnection
    ) {
        self.capabilities = capabilities
        self.advice = advice
        self.connection = connection
    }

    /// Opens what this build's tokens open; sends nothing.
    package func connect(_ access: APIAccess) -> ServiceConnection { connection(access) }
}

/// A CI service's API as this build's tokens open it.
package struct ServiceConnection: Sendable {
    package var board: Access<any BuildBoard>
    package var testRuns: Access<any TestRunBoard>
    package var journal: Access<any BuildJournal>
    package var shelves: [Capability: Access<any FileShelf>]
    /// Asks the API what the tokens may do; writes nothing.
    package var permissions: @Sendable () async -> [PermissionFinding]

    package init(
        board: Access<any BuildBoard>, testRuns: Access<any TestRunBoard>, journal: Access<any BuildJournal>,
        shelves: [Capability: Access<any FileShelf>] = [:],
        permissions: @escaping @Sendable () async -> [PermissionFinding]
    ) {
        self.board = board
        self.testRuns = testRuns
        self.journal = journal
        self.shelves = shelves
        self.permissions = permissions
    }
}
