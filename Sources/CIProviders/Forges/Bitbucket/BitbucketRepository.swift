import CICore

/// A repository of Bitbucket Cloud with one way to it.
struct BitbucketRepository: Sendable {
    let name: Name
    let client: APIClient

    /// `workspace/slug`.
    struct Name: Sendable, Hashable {
        let workspace: String
        let slug: String

        init?(_ text: String) {
            let parts = text.split(separator: "/").map(String.init)
            guard parts.count == 2 else { return nil }
            workspace = parts[0]
            slug = parts[1]
        }

        /// The repository's page.
        var page: String {
            "https://bitbucket.org/\(PercentEncoding.encode(workspace))/\(PercentEncoding.encode(slug))"
        }
    }

    /// A path below the repository's.
    func path(_ rest: APIPath) -> APIPath {
        let root: APIPath = "/repositories/\(name.workspace)/\(name.slug)"
        return APIPath(stringLiteral: root.text + rest.text)
    }

    /// Makes the call; an error without a reason gets a sentence.
    @discardableResult
    func send(_ call: APICall) async throws(APIError) -> APIAnswer {
        do {
            return try await client.send(call)
        } catch {
            throw Self.explained(error)
        }
    }

    /// As `APIClient.create`.
    @discardableResult
    func create<Made: Sendable>(
        _ call: APICall, read: @Sendable (APIAnswer) throws(APIError) -> Made,
        unless done: @Sendable () async throws(APIError) -> Made?
    ) async throws(APIError) -> Made {
        do {
            return try await client.create(call, read: read, unless: done)
        } catch {
            throw Self.explained(error)
        }
    }

    /// The elements of all pages.
    func list(_ call: APICall) async throws(APIError) -> [JSONValue] {
        var call = call
        call.query.append(("pagelen", "100"))
        return try await client.list(call, paging: .bodyURL(next: ["next"], elements: "values"))
    }

    /// Bitbucket often says no more than `Bad request`, or nothing at all.
    private static func explained(_ error: APIError) -> APIError {
        guard error.code == .refused, ["", "bad request"].contains(error.detail.lowercased()) else { return error }
        var explained = error
        explained.detail =
            "Bitbucket gives no reason: a text may be too long (a comment over 32,768 characters) or empty"
        return explained
    }
}
