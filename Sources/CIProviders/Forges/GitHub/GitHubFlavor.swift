import CICore

/// What differs between GitHub and the forges that took over its API.
struct GitHubFlavor: Sendable {
    let id: String
    let title: String
    /// Variables that may hold a token, best first.
    let tokens: @Sendable (APIAccess) -> [TokenSource]
    /// The API's base URL; `nil` where nothing tells it.
    let base: @Sendable (APIAccess) -> String?
    let limits: Forge.Limits
    let manner: Manner

    /// How its API is talked to.
    struct Manner: Sendable {
        /// Of every call.
        let headers: [HTTPHeader]
        /// How the longest page of a list is asked for.
        let longestPage: (name: String, value: String)
        /// The account that comments with the token of the forge's own CI service.
        let actionsAccount: String
        /// Whether blobs, trees and commits can be made; elsewhere a new branch begins where the default one is.
        let makesGitObjects: Bool
    }
}

extension GitHubFlavor {
    static let gitHub = GitHubFlavor(
        id: "github", title: "GitHub",
        tokens: { _ in ["DTCI_FORGE_TOKEN", "GITHUB_TOKEN", "GH_TOKEN"].map { TokenSource($0, .bearer) } },
        base: { access in
            if let url = access["DTCI_FORGE_API_URL"] { return url }
            // Gitea's Actions set the same variable for their own API.
            if !access.isInGiteaActions, let url = access["GITHUB_API_URL"] { return url }
            guard let host = access.context.repository.host, host != "github.com" else {
                return "https://api.github.com"
            }
            return host.hasSuffix(".ghe.com") ? "https://api.\(host)" : "https://\(host)/api/v3"
        },
        // A comment of more than 65,536 scalars or 262,144 bytes is refused.
        limits: .init(commentScalars: 65_000, commentBytes: 250_000, summaryScalars: 140),
        manner: Manner(
            headers: [
                HTTPHeader("Accept", "application/vnd.github+json"), HTTPHeader("X-GitHub-Api-Version", "2022-11-28"),
            ],
            longestPage: ("per_page", "100"), actionsAccount: "github-actions[bot]", makesGitObjects: true))

    /// Gitea and what came from it.
    static func gitea(id: String, title: String) -> GitHubFlavor {
        GitHubFlavor(
            id: id, title: title,
            tokens: { access in
                // Elsewhere GITHUB_TOKEN is one of GitHub, which is nobody else's business.
                let own = access.isInGiteaActions ? ["GITHUB_TOKEN"] : []
                return (["DTCI_FORGE_TOKEN", "GITEA_TOKEN", "FORGEJO_TOKEN"] + own).map { TokenSource($0, .token) }
            },
            base: { access in
                if let url = access["DTCI_FORGE_API_URL"] { return url }
                if access.isInGiteaActions, let url = access["GITHUB_API_URL"] { return url }
                return access.context.repository.host.map { "https://\($0)/api/v1" }
            },
            limits: .init(commentScalars: 65_000, commentBytes: 250_000, summaryScalars: 255),
            manner: Manner(
                headers: [HTTPHeader("Accept", "application/json")], longestPage: ("limit", "50"),
                actionsAccount: "\(id)-actions", makesGitObjects: false))
    }
}

extension APIAccess {
    /// Whether this is a job of GitHub's CI service or of one that speaks its language.
    var isInActions: Bool { CIServices.named(context.service)?.speaksActions ?? false }

    /// Gitea's and Forgejo's CI service sets the variables of GitHub's.
    var isInGiteaActions: Bool { self["GITEA_ACTIONS"] == "true" || self["FORGEJO_ACTIONS"] == "true" }
}
