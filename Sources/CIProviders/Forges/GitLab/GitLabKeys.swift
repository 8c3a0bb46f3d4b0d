import CICore

/// The tokens of a build and what each of them opens.
struct GitLabKeys: Sendable {
    /// One that a person has made; it may do what its scope and role say.
    private let token: FoundToken?
    /// The job's own: it may publish packages, but neither comment nor post statuses.
    private let jobToken: FoundToken?
    private let base: String
    private let exchange: Exchange

    init(_ access: APIAccess, _ build: GitLabBuild) {
        // A variable that was not expanded arrives as its own name: `GITLAB_TOKEN: $GITLAB_TOKEN`.
        let names = ["DTCI_FORGE_TOKEN", "GITLAB_TOKEN"].filter { access[$0]?.hasPrefix("$") == false }
        token = access.token(names.map { TokenSource($0, .header("PRIVATE-TOKEN")) })
        jobToken =
            access.context.service == CIService.gitLabCI.id
            ? access.token([TokenSource("CI_JOB_TOKEN", .header("JOB-TOKEN"))]) : nil
        base = build.base
        exchange = access.exchange
    }

    /// The way to a capability, or what to add.
    func open<Port: Sendable>(_ capability: Capability, _ make: (APIClient) -> Port) -> Access<Port> {
        if let token { return .open(make(client(token))) }
        if capability == .packages, let jobToken { return .open(make(client(jobToken))) }
        let reason =
            jobToken == nil ? "no token for GitLab" : "GitLab's job token may neither comment nor post statuses"
        return .closed(Obstacle(reason, advice: GitLab.advice[capability] ?? ""))
    }

    /// The way to what a capability does with a subject, such as the commit, if there is one.
    func open<Subject, Port: Sendable>(
        _ capability: Capability, if subject: Subject?, else missing: Obstacle, _ make: (APIClient, Subject) -> Port
    ) -> Access<Port> {
        guard let subject else { return .closed(missing) }
        return open(capability) { client in make(client, subject) }
    }

    private func client(_ token: FoundToken) -> APIClient {
        APIClient(title: GitLab.title, base: base, headers: [token.header], exchange: exchange)
    }
}

extension GitLabKeys {
    /// Asks who the token belongs to. What it may write shows only by writing, but the job's token is known to publish.
    func permissions() async -> [PermissionFinding] {
        let capabilities = GitLab.advice.keys.sorted { $0.rawValue < $1.rawValue }
        guard let token else { return await jobPermissions(capabilities) }
        let answer = await answer(to: token, at: "/user")
        return capabilities.map { capability in
            PermissionFinding(
                capability, isGranted: answer.isAccepted == false ? false : nil, token: token.variable,
                advice: GitLab.advice[capability] ?? "", trouble: answer.trouble)
        }
    }

    private func jobPermissions(_ capabilities: [Capability]) async -> [PermissionFinding] {
        guard let jobToken else { return [] }
        let answer = await answer(to: jobToken, at: "/job")
        return capabilities.map { capability in
            PermissionFinding(
                capability, isGranted: capability == .packages ? answer.isAccepted : false, token: jobToken.variable,
                advice: GitLab.advice[capability] ?? "", trouble: answer.trouble)
        }
    }

    /// `nil` where the API is not to be reached.
    private func answer(
        to token: FoundToken, at path: APIPath
    ) async -> (isAccepted: Bool?, trouble: APIError?) {
        do {
            try await client(token).send(APICall(.get, path))
            return (true, nil)
        } catch {
            return ([.unauthorized, .forbidden, .notFound].contains(error.code) ? false : nil, error)
        }
    }
}
