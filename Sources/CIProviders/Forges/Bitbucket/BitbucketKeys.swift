import CICore

/// The tokens of a build and what each of them opens.
struct BitbucketKeys: Sendable {
    private let token: FoundToken?
    /// The proxy that adds credentials for reports in Bitbucket Pipelines; `nil` elsewhere.
    private let proxy: String?
    let base: String
    private let exchange: Exchange
    let repository: BitbucketRepository.Name
    let commit: String?

    /// Reads what Bitbucket Pipelines or the repository's URL tells.
    static func open(_ access: APIAccess) -> Access<BitbucketKeys> {
        let repository = access.context.repository
        guard let name = repository.slug.flatMap(BitbucketRepository.Name.init) else {
            return .closed(
                Obstacle("the repository on Bitbucket is unknown", advice: "fetch the repository with git"))
        }
        // A token for one's own server must not go to Atlassian's.
        guard let base = access["DTCI_FORGE_API_URL"] ?? Self.cloud(repository.host) else {
            return .closed(
                Obstacle(
                    "\(repository.host ?? "this host") is no Bitbucket Cloud, which alone is supported",
                    advice: "let the CI service report the result to it"))
        }
        return .open(BitbucketKeys(access, base: base, name))
    }

    private static func cloud(_ host: String?) -> String? {
        guard let host, host == "bitbucket.org" || host.hasSuffix(".bitbucket.org") else { return nil }
        return "https://api.bitbucket.org/2.0"
    }

    private init(_ access: APIAccess, base: String, _ name: BitbucketRepository.Name) {
        let basic = { (user: String, password: String) in
            access[user] == nil ? [] : [TokenSource(password, .basic(userVariable: user, user: ""))]
        }
        token = access.token(
            ["DTCI_FORGE_TOKEN", "BITBUCKET_TOKEN", "BITBUCKET_ACCESS_TOKEN"].map { TokenSource($0, .bearer) }
                + basic("BITBUCKET_USERNAME", "BITBUCKET_APP_PASSWORD")
                + basic("BITBUCKET_EMAIL", "BITBUCKET_API_TOKEN"))
        let isPipeline = access.context.service == CIService.bitbucketPipelines.id
        // In a pipe's container it is another machine's: host.docker.internal:29418.
        proxy = isPipeline ? access["DTCI_BITBUCKET_PROXY"] ?? "http://localhost:29418" : nil
        self.base = base
        exchange = access.exchange
        repository = name
        commit = access.context.source.commit
    }

    /// The way to what a capability does with a subject, such as the commit, if there is one.
    func open<Subject, Port: Sendable>(
        _ capability: Capability, if subject: Subject?, else missing: Obstacle,
        _ make: (BitbucketRepository, Subject) -> Port
    ) -> Access<Port> {
        guard let subject else { return .closed(missing) }
        guard let token else {
            return .closed(Obstacle("no token for Bitbucket", advice: Bitbucket.advice[capability] ?? ""))
        }
        return .open(make(open(with: token), subject))
    }

    /// Reports need no token in Bitbucket Pipelines; where there is one all the same, the proxy stands in for it.
    func reports(noCommit: Obstacle) -> Access<any AnnotationBoard> {
        guard let commit else { return .closed(noCommit) }
        let ways = [token.map { open(with: $0) }, proxied].compactMap { $0 }
        guard !ways.isEmpty else {
            return .closed(Obstacle("no token for Bitbucket", advice: Bitbucket.advice[.annotatedReport] ?? ""))
        }
        return .open(BitbucketInsights(ways: ways, commit: commit))
    }

    private func open(with token: FoundToken) -> BitbucketRepository {
        BitbucketRepository(
            name: repository,
            client: APIClient(title: Bitbucket.title, base: base, headers: [token.header], exchange: exchange))
    }

    /// The proxy reads what it passes on, so that the way to it is without TLS.
    private var proxied: BitbucketRepository? {
        guard let proxy else { return nil }
        let plain = base.hasPrefix("https://") ? "http://" + base.dropFirst(8) : base
        return BitbucketRepository(
            name: repository,
            client: APIClient(title: Bitbucket.title, base: plain, headers: [], proxy: proxy, exchange: exchange))
    }
}

extension BitbucketKeys {
    /// Reads the repository; Bitbucket tells a token's scopes with every answer, if it is not a person's password.
    func permissions() async -> [PermissionFinding] {
        let capabilities = Bitbucket.advice.keys.sorted { $0.rawValue < $1.rawValue }
        guard let token else {
            guard proxy != nil else { return [] }
            return [PermissionFinding(.annotatedReport, isGranted: true, token: "", advice: "")]
        }
        var scopes: Set<String> = []
        var isRefused = false
        var trouble: APIError?
        do throws(APIError) {
            let path: APIPath = "/repositories/\(repository.workspace)/\(repository.slug)"
            let answer = try await open(with: token).client.send(APICall(.get, path))
            scopes = Set(
                (answer.response[header: "X-OAuth-Scopes"] ?? "").split(separator: ",").map {
                    String($0.filter { $0 != " " })
                })
        } catch {
            isRefused = [.unauthorized, .forbidden, .notFound].contains(error.code)
            trouble = error
        }
        return capabilities.map { capability in
            PermissionFinding(
                capability, isGranted: isRefused ? false : Self.isGranted(capability, scopes), token: token.variable,
                advice: Bitbucket.advice[capability] ?? "", trouble: trouble)
        }
    }

    /// `nil` where nothing is said of scopes.
    private static func isGranted(_ capability: Capability, _ scopes: Set<String>) -> Bool? {
        guard !scopes.isEmpty else { return nil }
        let mayWrite = !scopes.isDisjoint(with: ["repository:write", "repository:admin"])
        return switch capability {
        case .comment: !scopes.isDisjoint(with: ["pullrequest", "pullrequest:write"])
        case .downloads: mayWrite
        default: mayWrite || !scopes.isDisjoint(with: ["repository", "pullrequest", "pullrequest:write"])
        }
    }
}
