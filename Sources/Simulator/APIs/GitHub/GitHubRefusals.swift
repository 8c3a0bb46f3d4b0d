import CICore

extension SimulatedGitHub {
    /// An error as GitHub words it.
    static func error(_ status: Int, _ message: String, errors: [JSONValue] = []) -> SimulatedAnswer {
        var body: JSONValue = [
            "message": .string(message), "documentation_url": "https://docs.github.com/rest",
            "status": .string(String(status)),
        ]
        if !errors.isEmpty { body = body.merging(["errors": .array(errors)]) }
        return .json(status, body)
    }

    /// 422 for one field.
    static func invalid(_ resource: String, _ field: String, _ message: String) -> SimulatedAnswer {
        error(
            422, "Validation Failed",
            errors: [
                [
                    "resource": .string(resource), "code": "custom", "field": .string(field),
                    "message": .string(message),
                ]
            ])
    }

    /// Whether the caller may do it at all.
    @Sendable func authorize(_ request: SimulatedRequest) -> SimulatedAnswer? {
        guard request.headers[header: "User-Agent"]?.isEmpty == false else {
            return .text(
                403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header")
        }
        if let version = request.headers[header: "X-GitHub-Api-Version"], version != "2022-11-28" {
            return Self.error(400, "\(version) is not a supported version.")
        }
        if request.target.template == "/rate_limit" { return nil }
        let words = request.headers[header: "Authorization"]?.split(separator: " ", maxSplits: 1) ?? []
        guard words.count == 2, ["bearer", "token"].contains(words[0].lowercased()) else {
            return Self.error(401, "Requires authentication")
        }
        guard words[1] == scenario.tokens.forge else { return Self.error(401, "Bad credentials") }
        let isHere = request["owner"] == scenario.repository.owner && request["repo"] == scenario.repository.name
        if request.target.template?.hasPrefix("/repos/") == true, !isHere { return Self.error(404, "Not Found") }
        return hindrance(to: request)
    }

    private func hindrance(to request: SimulatedRequest) -> SimulatedAnswer? {
        let template = request.target.template ?? ""
        let isOfApp = isInstallation && (template == "/user" || template.hasPrefix("/gists"))
        if isOfApp || (scenario.tokens.isReadOnly && !request.isReading) {
            return Self.error(403, "Resource not accessible by integration")
        }
        if template.hasPrefix(Self.path("/check-runs")), !request.isReading, isPersonal {
            return Self.error(403, "You must authenticate via a GitHub App.")
        }
        return nil
    }

    /// Tokens of apps begin with `ghs_`.
    var isInstallation: Bool { scenario.tokens.forge.hasPrefix("ghs_") }

    private var isPersonal: Bool {
        ["ghp_", "github_pat_", "gho_", "ghu_"].contains { scenario.tokens.forge.hasPrefix($0) }
    }

    /// The account that writes with the token.
    var author: String { isInstallation ? "github-actions[bot]" : scenario.bot }

    /// GitHub's words for what goes wrong outside of the handlers.
    @Sendable func refuse(_ why: Refusal, _ request: SimulatedRequest) -> SimulatedAnswer {
        switch why {
        case .notFound, .methodNotAllowed: Self.error(404, "Not Found")
        case .rateLimited:
            Self.error(403, "API rate limit exceeded for installation.")
                .with("X-RateLimit-Limit", "1000").with("X-RateLimit-Remaining", "0")
                .with("X-RateLimit-Reset", String(request.moment.seconds + 1))
        case .secondaryLimited:
            Self.error(403, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.")
                .with("Retry-After", "1")
        case .readOnly: Self.error(403, "Resource not accessible by integration")
        case .tooLarge: Self.invalid("IssueComment", "data", "Body is too long (maximum is 65536 characters)")
        case .unavailable: Self.error(503, "No server is currently available to service your request.")
        }
    }

    /// `nil` for a commit that exists.
    func missing(commit: String) -> SimulatedAnswer? {
        let source = scenario.source
        return [source.head, source.merge, source.base].contains(commit)
            ? nil : Self.error(422, "No commit found for SHA: \(commit)")
    }
}
