extension Forge {
    /// Gitea, which took over a part of GitHub's API.
    static let gitea = Forge(gitea: .gitea(id: "gitea", title: "Gitea"))

    /// Forgejo, which is talked to like Gitea.
    static let forgejo = Forge(gitea: .gitea(id: "forgejo", title: "Forgejo"))

    private init(gitea flavor: GitHubFlavor) {
        let scope = "give the token the scope `write:repository`"
        self.init(
            id: flavor.id, title: flavor.title, dialect: .gitHub, limits: flavor.limits,
            advice: [
                .commitStatus: scope, .repositoryFiles: scope,
                .comment: "give the token the scope `write:issue`",
            ],
            capabilities: [.commitStatus, .comment],
            connection: { access in GitHubDesk(flavor: flavor, access: access).connection() })
    }
}
