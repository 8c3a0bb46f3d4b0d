import CICore

/// Opens what a build's tokens open on GitHub and the forges that took over its API.
struct GitHubDesk: Sendable {
    let flavor: GitHubFlavor
    let access: APIAccess

    /// A port on one subject of the repository, such as a commit, if subject, repository and token are there.
    func open<Subject: Sendable, Port: Sendable>(
        _ capability: Capability, on subject: Access<Subject>, _ make: (GitHubRepository, Subject) -> Port
    ) -> Access<Port> {
        switch (subject, repository(for: capability)) {
        case (.open(let subject), .open(let repository)): .open(make(repository, subject))
        case (.closed(let obstacle), _), (_, .closed(let obstacle)): .closed(obstacle)
        }
    }

    /// The head commit: on a test merge, a status would never show.
    var commit: Access<String> {
        guard let commit = access.context.source.commit, !commit.isEmpty else {
            return .closed(Obstacle("the commit is not known", advice: "run in the repository's clone"))
        }
        return .open(commit)
    }

    var pullRequest: Access<Int> {
        guard let number = access.context.pullRequest?.number else {
            return .closed(
                Obstacle("this build belongs to no pull request", advice: "run on pull requests to get a comment"))
        }
        return .open(number)
    }

    /// The repository with a client whose token fits the capability.
    func repository(for capability: Capability) -> Access<GitHubRepository> {
        let parts = access.context.repository.slug?.split(separator: "/").map(String.init) ?? []
        guard parts.count == 2, let base = flavor.base(access) else {
            return .closed(
                Obstacle("the repository on \(flavor.title) is not known", advice: "run in the repository's clone"))
        }
        switch token(for: capability) {
        case .closed(let obstacle): return .closed(obstacle)
        case .open(let token):
            return .open(
                GitHubRepository(
                    client: client(base, token), flavor: flavor, owner: parts[0], name: parts[1]))
        }
    }

    func client(_ base: String, _ token: FoundToken) -> APIClient {
        APIClient(
            title: flavor.title, base: base, headers: flavor.manner.headers + [token.header], exchange: access.exchange)
    }
}

extension GitHubDesk {
    /// The first token that can do it; a token that surely cannot is not even tried.
    func token(for capability: Capability) -> Access<FoundToken> {
        var known: Obstacle?
        for source in flavor.tokens(access) {
            guard let token = access.token([source]) else { continue }
            guard let hindrance = hindrance(to: capability, with: source.variable) else { return .open(token) }
            known = known ?? hindrance
        }
        return .closed(known ?? Obstacle("there is no token for \(flavor.title)", advice: tokenAdvice))
    }

    private var tokenAdvice: String {
        guard access.isInActions else {
            return "set \(flavor.tokens(access).map(\.variable).joined(separator: " or ")) to a token of the repository"
        }
        return "add `GITHUB_TOKEN: ${{ github.token }}` to the step's `env`"
    }

    /// Why the token in a variable cannot do it, as far as that is known without asking.
    private func hindrance(to capability: Capability, with variable: String) -> Obstacle? {
        guard let kind = access[variable].map(GitHubTokenKind.init) else { return nil }
        switch capability {
        case .annotatedReport where kind == .personal:
            return Obstacle(
                "\(variable) is a person's token, and only apps may write check runs",
                advice: "use GITHUB_TOKEN with `permissions: checks: write`")
        case .gist where kind == .installation:
            return Obstacle(
                "\(variable) belongs to an app, and only people have gists",
                advice: "set DTCI_FORGE_TOKEN to a person's token with the scope `gist`")
        case .gist:
            return nil
        default:
            return isReadOnly(variable)
                ? Obstacle(
                    "the token of a fork's pull request may only read",
                    advice: "publish from a workflow that runs on `workflow_run`: its token may write")
                : nil
        }
    }

    /// GitHub Actions hands a token that may only read to workflows that a fork's pull request triggers, whatever they
    /// ask for; `pull_request_target` and `workflow_run` run with the base repository's.
    private func isReadOnly(_ variable: String) -> Bool {
        access.isInActions && variable != "DTCI_FORGE_TOKEN"
            && access.context.pullRequest?.isFork == true
            && !["pull_request_target", "workflow_run"].contains(access["GITHUB_EVENT_NAME"])
    }
}

/// Whose a token is, as its first letters tell (GitHub's documentation, "About authentication").
enum GitHubTokenKind: Sendable, Hashable {
    /// Of an app's installation, such as GitHub Actions' own.
    case installation
    /// Of a person, or of an app in a person's name.
    case personal
    case unknown

    init(_ token: String) {
        if token.hasPrefix("ghs_") {
            self = .installation
        } else if ["ghp_", "github_pat_", "gho_", "ghu_"].contains(where: token.hasPrefix) {
            self = .personal
        } else {
            self = .unknown
        }
    }
}
