/// A forge as the variables of a job show it.
package struct SimulatedForge: Sendable, Hashable {
    /// As in the `context` format.
    package let id: String
    /// Where its code lies.
    package let host: String
    /// The simulated API's id.
    package let api: String
    /// What stands between the simulated API's base and its paths.
    let root: String
    /// The variable that usually holds its token.
    let tokenVariable: String
    /// The variable by which its own CI service tells its API's address; `nil` where there is none.
    let addressVariable: String?
    /// What stands between a repository's page and a pull request's number.
    let pullWord: String

    package static let all: [SimulatedForge] = [
        Self(
            id: "github", host: "github.com", api: "github", root: "", tokenVariable: "GITHUB_TOKEN",
            addressVariable: "GITHUB_API_URL",
            pullWord: "pull"),
        Self(
            id: "gitlab", host: "gitlab.com", api: "gitlab", root: "/api/v4", tokenVariable: "GITLAB_TOKEN",
            addressVariable: "CI_API_V4_URL",
            pullWord: "-/merge_requests"),
        Self(
            id: "bitbucket", host: "bitbucket.org", api: "bitbucket", root: "/2.0", tokenVariable: "BITBUCKET_TOKEN",
            addressVariable: nil,
            pullWord: "pull-requests"),
        Self(
            id: "azure-repos", host: "dev.azure.com", api: "azure", root: "/acme",
            tokenVariable: "SYSTEM_ACCESSTOKEN",
            addressVariable: "SYSTEM_COLLECTIONURI", pullWord: "pullrequest"),
        Self(
            id: "gitea", host: "gitea.example.org", api: "gitea", root: "/api/v1", tokenVariable: "GITEA_TOKEN",
            addressVariable: "GITHUB_API_URL",
            pullWord: "pulls"),
        Self(
            id: "forgejo", host: "codeberg.org", api: "forgejo", root: "/api/v1", tokenVariable: "FORGEJO_TOKEN",
            addressVariable: "GITHUB_API_URL",
            pullWord: "pulls"),
    ]

    /// The forge of that id.
    package static func named(_ id: String) -> SimulatedForge? { all.first { $0.id == id } }

    /// A repository's page.
    func page(of slug: String) -> String { "https://\(host)/\(slug)" }

    /// A pull request's page.
    func page(of slug: String, pullRequest: Int) -> String { "\(page(of: slug))/\(pullWord)/\(pullRequest)" }
}
