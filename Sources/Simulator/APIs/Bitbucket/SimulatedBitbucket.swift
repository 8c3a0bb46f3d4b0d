import CICore

import struct FoundationEssentials.Data

extension SimulatedAPI {
    /// Bitbucket Cloud's API with the scenario's repository, its fork and one pull request.
    package static func bitbucket(_ scenario: Scenario) -> SimulatedAPI {
        SimulatedBitbucket(scenario, SimulatedState(BitbucketState(scenario))).api
    }
}

/// Bitbucket Cloud as its clients and visitors see it.
struct SimulatedBitbucket: Sendable {
    let scenario: Scenario
    let state: SimulatedState<BitbucketState>

    init(_ scenario: Scenario, _ state: SimulatedState<BitbucketState>) {
        self.scenario = scenario
        self.state = state
    }

    var api: SimulatedAPI {
        SimulatedAPI(
            id: "bitbucket", routes: accountRoutes + statusRoutes + commentRoutes + insightRoutes + downloadRoutes,
            authorize: authorize, refuse: Self.refuse, exhibit: { state { $0.exhibit } })
    }

    /// The root of a repository's paths.
    static let repository = "/2.0/repositories/{workspace}/{repo_slug}"
    /// The root of a commit's paths.
    static let commit = "\(repository)/commit/{commit}"

    private var accountRoutes: [Route] {
        [
            Route(.get, "/2.0/user") { _ in .json(200, Self.account(scenario.bot)) },
            Route(.get, Self.repository) { request in
                SimulatedAnswer.json(
                    200,
                    [
                        "type": "repository", "full_name": .string("\(request["workspace"])/\(request["repo_slug"])"),
                        "name": .string(request["repo_slug"]), "uuid": "{7f0c3a8e-1b7d-49d1-8f4a-2a6b9c0d1e2f}",
                        "is_private": true,
                    ]
                ).with("X-OAuth-Scopes", scopes.joined(separator: ", "))
            },
        ]
    }

    private var scopes: [String] {
        scenario.tokens.isReadOnly ? ["repository"] : ["repository:write", "pullrequest:write"]
    }

    /// A person or an app.
    static func account(_ name: String) -> JSONValue {
        ["type": "user", "display_name": .string(name), "uuid": .string("{\(uuid(name))}")]
    }

    /// A UUID that is always the same for a text.
    static func uuid(_ text: String) -> String {
        let digits = Array(SHA256Text.of(Array(text.utf8)))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }

    /// Whether the repository has that commit; its first digits are enough, as everywhere in Bitbucket.
    func isKnown(_ commit: String) -> Bool {
        commit.count >= 7 && [scenario.source.head, scenario.source.base].contains { $0.hasPrefix(commit) }
    }
}

extension SimulatedBitbucket {
    /// Bearer or Basic with the token; reports also without, by the proxy that a pipeline's step has.
    private func authorize(_ request: SimulatedRequest) -> SimulatedAnswer? {
        let template = request.target.template ?? ""
        let isProxied = request.headers[header: "Proxy-Connection"] != nil && template.contains("/reports")
        if !isProxied {
            guard token(of: request) == scenario.tokens.forge else {
                return .bitbucket(401, "Token is invalid, expired, or not supported for this endpoint.")
            }
            if scenario.tokens.isReadOnly, !request.isReading { return Self.refuse(.readOnly, request) }
        }
        guard template.hasPrefix(Self.repository) else { return nil }
        let name = "\(request["workspace"])/\(request["repo_slug"])"
        guard [scenario.repository.slug, scenario.repository.forkSlug].contains(name) else {
            return .bitbucket(404, "Repository \(name) not found")
        }
        guard !template.contains("{commit}") || isKnown(request["commit"]) else {
            return .bitbucket(404, "Commit not found")
        }
        return nil
    }

    private func token(of request: SimulatedRequest) -> String? {
        let words = (request.headers[header: "Authorization"] ?? "").split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { return nil }
        if words[0] == "Bearer" { return String(words[1]) }
        let pair = Data(base64Encoded: String(words[1])).map { String(decoding: $0, as: UTF8.self) }
        return pair.flatMap { $0.firstIndex(of: ":").map { colon in String(pair?[colon...].dropFirst() ?? "") } }
    }

    private static func refuse(_ why: Refusal, _ request: SimulatedRequest) -> SimulatedAnswer {
        switch why {
        case .notFound: .bitbucket(404, "Resource not found")
        case .methodNotAllowed: .bitbucket(405, "Method not allowed")
        case .rateLimited, .secondaryLimited:
            .bitbucket(429, "Rate limit for this resource has been exceeded").with("Retry-After", "1")
        case .readOnly:
            .bitbucket(
                403, "Your credentials lack one or more required privilege scopes.",
                ["detail": ["granted": ["repository"], "required": ["repository:write"]]])
        case .tooLarge: .bitbucket(413, "Request too large")
        case .unavailable: .html(503, "<html><body>Bitbucket is unavailable</body></html>")
        }
    }
}

extension SimulatedAnswer {
    /// `{"type": "error", "error": {"message": …}}`.
    static func bitbucket(_ status: Int, _ message: String, _ more: JSONValue = [:]) -> Self {
        .json(status, ["type": "error", "error": more.merging(["message": .string(message)])])
    }

    /// 400 with what is wrong of one field.
    static func bitbucket(field: String, _ message: String) -> Self {
        .bitbucket(400, "Bad request", ["fields": .object([field: [.string(message)]])])
    }
}

extension SimulatedRequest {
    /// One page of a list as Bitbucket cuts it, with the next one's address.
    func bitbucketPage(_ elements: [JSONValue]) -> SimulatedAnswer {
        let size = query["pagelen"].map { Int($0) ?? 0 } ?? 10
        guard (1...100).contains(size) else { return .bitbucket(400, "Invalid pagelen") }
        let page = max(query["page"].flatMap { Int($0) } ?? 1, 1)
        let start = min((page - 1) * size, elements.count)
        let end = min(start + size, elements.count)
        var members: [String: JSONValue] = [
            "pagelen": .int(size), "page": .int(page), "size": .int(elements.count),
            "values": .array(Array(elements[start..<end])),
        ]
        if end < elements.count {
            members["next"] = .string("\(moment.base)\(target.path)?pagelen=\(size)&page=\(page + 1)")
        }
        return .json(200, .object(members))
    }
}
