import CICore

/// Azure DevOps' REST API: each call with the API's version, lists in `value`, a sign-in page told from an answer.
struct AzureDevOps: Sendable {
    private let client: APIClient
    /// The same without a word about what answers look like.
    private let plain: APIClient

    /// Title, base and token of one collection; `url` is the organization's, such as `https://dev.azure.com/acme`.
    init(title: String, url: String, token: FoundToken, exchange: Exchange) {
        client = APIClient(
            title: title, base: url, headers: [token.header, HTTPHeader("Accept", "application/json")],
            exchange: exchange)
        plain = APIClient(title: title, base: url, headers: [token.header], exchange: exchange)
    }

    /// Fetches a file's bytes; the call says in `Accept` that it wants them.
    func fetch(_ call: APICall) async throws(APIError) -> APIAnswer { try await plain.send(Self.versioned(call)) }

    /// Makes the call; throws `.unauthorized` where the answer is the page at which people sign in.
    @discardableResult
    func send(_ call: APICall) async throws(APIError) -> APIAnswer {
        let answer = try await client.send(Self.versioned(call))
        try Self.refuseSignInPage(answer)
        return answer
    }

    /// As `APIClient.create`.
    @discardableResult
    func create<Made: Sendable>(
        _ call: APICall, read: @Sendable (APIAnswer) throws(APIError) -> Made,
        unless done: @Sendable () async throws(APIError) -> Made?
    ) async throws(APIError) -> Made {
        try await client.create(
            Self.versioned(call),
            read: { answer throws(APIError) in
                try Self.refuseSignInPage(answer)
                return try read(answer)
            },
            unless: done)
    }

    /// The elements of all pages. Lists that come whole name no next page, those of `paging` count what they skipped.
    func list(
        _ call: APICall,
        paging: Pagination = .headerToken(
            "x-ms-continuationtoken", query: "continuationToken", elements: "value")
    ) async throws(APIError) -> [JSONValue] {
        do {
            return try await client.list(Self.versioned(call), paging: paging)
        } catch {
            guard error.code == .malformed, error.status == 203 else { throw error }
            throw Self.signInPage(error.what)
        }
    }

    /// Part of a list that counts what it skips.
    func page(_ path: APIPath, skip: Int, top: Int) async throws(APIError) -> [JSONValue] {
        let call = APICall(.get, path, query: [("$skip", String(skip)), ("$top", String(top))])
        return try await send(call).json()["value"]?.array ?? []
    }

    /// Sends what may be sent twice although its method does not say so: updates that replace.
    @discardableResult
    func replace(_ call: APICall) async throws(APIError) -> APIAnswer {
        try await create(call, read: { $0 }, unless: { nil })
    }

    private static func versioned(_ call: APICall) -> APICall {
        var call = call
        // Resources that never left their preview insist on its number.
        guard !call.query.contains(where: { $0.name == "api-version" }) else { return call }
        call.query.append(("api-version", "7.1"))
        return call
    }

    /// A token that is none gets 203 with HTML where other APIs say 401.
    private static func refuseSignInPage(_ answer: APIAnswer) throws(APIError) {
        guard answer.status != 203 else { throw signInPage(answer.what) }
        let type = answer.response[header: "Content-Type"]?.lowercased() ?? ""
        guard !type.hasPrefix("text/html") else {
            throw APIError(
                .malformed, answer.what, status: answer.status, detail: "the answer is a web page, not JSON",
                response: answer.response)
        }
    }

    private static func signInPage(_ what: String) -> APIError {
        APIError(
            .unauthorized, what, status: 203,
            detail: "a sign-in page came back: the token is wrong, expired or for another organization")
    }
}

extension APIAccess {
    /// The first token that is there. One of our own variables is a personal access token, which goes with Basic and an
    /// empty user, unless it has the form of a JWT, as tokens of pipelines and of Microsoft Entra have.
    func azureToken(_ variable: String) -> FoundToken? {
        let isJWT = self[variable].map { $0.hasPrefix("eyJ") && $0.split(separator: ".").count == 3 } ?? false
        let personal = TokenSource.Form.basic(userVariable: nil, user: "")
        let sources = [
            TokenSource(variable, isJWT ? .bearer : personal), TokenSource("SYSTEM_ACCESSTOKEN", .bearer),
            TokenSource("AZURE_DEVOPS_EXT_PAT", personal),
        ]
        // A variable that the pipeline could not expand arrives as its own name: `$(System.AccessToken)`.
        return token(sources.filter { self[$0.variable]?.hasPrefix("$(") == false })
    }
}
