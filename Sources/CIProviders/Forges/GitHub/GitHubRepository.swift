import CICore

/// A repository, and the client that asks and tells about it.
struct GitHubRepository: Sendable {
    let client: APIClient
    let flavor: GitHubFlavor
    let owner: String
    let name: String

    /// All pages of a list.
    func list(
        _ path: APIPath, query: [(name: String, value: String)] = [], paging: Pagination = .linkHeader
    ) async throws(APIError) -> [JSONValue] {
        try await client.list(APICall(.get, path, query: query + [flavor.manner.longestPage]), paging: paging)
    }

    /// Sends what may be sent twice although its method does not say so: updates that replace.
    @discardableResult
    func replace(_ call: APICall) async throws(APIError) -> APIAnswer {
        try await client.create(call, read: { $0 }, unless: { nil })
    }
}
