import CICore

/// A CI service's own API: what it can do for a build beside what the forge does.
package struct ServiceAPI: Sendable {
    package let capabilities: Set<Capability>
    /// What to add where a capability is refused.
    package let advice: [Capability: String]
    /// What its journal can be asked.
    package let topics: Set<JournalTopic>
    private let connection: @Sendable (APIAccess) -> ServiceConnection

    init(
        capabilities: Set<Capability>, advice: [Capability: String], topics: Set<JournalTopic> = [],
        connection: @escaping @Sendable (APIAccess) -> ServiceConnection
    ) {
        self.capabilities = capabilities
        self.advice = advice
        self.topics = topics
        self.connection = connection
    }

    /// Opens what this build's tokens open; sends nothing.
    package func connect(_ access: APIAccess) -> ServiceConnection { connection(access) }
}

extension ServiceConnection {
    /// An API that nothing opens.
    static func closed(_ obstacle: Obstacle) -> Self {
        Self(board: .closed(obstacle), testRuns: .closed(obstacle), journal: .closed(obstacle), permissions: { [] })
    }
}

extension PermissionFinding {
    /// What one harmless call tells of a token: that it opens nothing, or that it may at least read.
    static func reading(
        _ advice: [Capability: String], token: FoundToken, grants readable: Set<Capability> = [],
        probe: @Sendable () async throws(APIError) -> Void
    ) async -> [PermissionFinding] {
        var granted: Bool?
        var trouble: APIError?
        do throws(APIError) {
            try await probe()
            granted = true
        } catch {
            granted = [.unauthorized, .forbidden, .notFound].contains(error.code) ? false : nil
            trouble = error
        }
        return advice.sorted { $0.key.rawValue < $1.key.rawValue }.map { capability, advice in
            // What may be written shows only by writing.
            let isGranted = granted == true && !readable.contains(capability) ? nil : granted
            return PermissionFinding(
                capability, isGranted: isGranted, token: token.variable, advice: advice, trouble: trouble)
        }
    }
}

/// A CI service's API as this build's tokens open it.
package struct ServiceConnection: Sendable {
    package var board: Access<any BuildBoard>
    package var testRuns: Access<any TestRunBoard>
    package var journal: Access<any BuildJournal>
    package var shelves: [Capability: Access<any FileShelf>]
    /// Where it keeps artifacts; `nil` where it has no calls for that.
    package var container: Access<any ArtifactContainer>?
    /// Asks the API what the tokens may do; writes nothing.
    package var permissions: @Sendable () async -> [PermissionFinding]

    package init(
        board: Access<any BuildBoard>, testRuns: Access<any TestRunBoard>, journal: Access<any BuildJournal>,
        shelves: [Capability: Access<any FileShelf>] = [:], container: Access<any ArtifactContainer>? = nil,
        permissions: @escaping @Sendable () async -> [PermissionFinding]
    ) {
        self.board = board
        self.testRuns = testRuns
        self.journal = journal
        self.shelves = shelves
        self.container = container
        self.permissions = permissions
    }
}
