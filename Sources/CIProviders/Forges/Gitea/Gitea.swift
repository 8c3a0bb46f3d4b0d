extension Forge {
    /// Gitea, which took over a part of GitHub's API.
    static let gitea = Forge(gitea: .gitea(id: "gitea", title: "Gitea"))

    /// Forgejo, which is talked to like Gitea.
    static let forgejo = Forge(gitea: .gitea(id: "forgejo", title: "Forgejo"))

    private init(gitea flavor: GitHubFlavor) {
        let scope = "give the token the scope `write:repository`"
        let advice: [Capability: String] = [
            .commitStatus: scope, .repositoryFiles: scope, .comment: "give the token the scope `write:issue`",
            .artifacts:
                "hand ACTIONS_RUNTIME_TOKEN and ACTIONS_RESULTS_URL to the step, or use actions/upload-artifact",
        ]
        self.init(
            id: flavor.id, title: flavor.title, dialect: .gitHub, limits: flavor.limits,
            advice: advice,
            capabilities: [.commitStatus, .comment, .repositoryFiles, .artifacts],
            artifacts: .actions(name: flavor.id, title: "\(flavor.title) artifacts"),
            connection: { access in
                GitHubDesk(flavor: flavor, access: access).connection(advice: advice, runPage: nil)
            })
    }
}
