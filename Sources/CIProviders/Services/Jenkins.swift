import CICore

extension CIService {
    /// Jenkins with its branch source plugins, the GitHub pull request builder and the GitLab plugin.
    static let jenkins = CIService(
        id: "jenkins", title: "Jenkins",
        marks: [("JENKINS_URL", [])],
        // An agent that another service started inherits the URL, but no build.
        witnesses: ["BUILD_NUMBER", "BUILD_ID"],
        facts: [
            .commit: ["ghprbActualCommit", "gitlabMergeRequestLastCommit", "GIT_COMMIT"],
            .branch: ["CHANGE_BRANCH", "ghprbSourceBranch", "gitlabSourceBranch"],
            .tag: ["TAG_NAME"],
            .pullRequestNumber: ["CHANGE_ID", "ghprbPullId", "gitlabMergeRequestIid"],
            .pullRequestTarget: ["CHANGE_TARGET", "ghprbTargetBranch", "gitlabTargetBranch"],
            .slug: [
                FactSource("CHANGE_URL", read: repositoryOfChange), .slug("GIT_URL"), .slug("GIT_URL_1"),
            ],
            .host: [.host("CHANGE_URL"), .host("GIT_URL"), .host("GIT_URL_1")],
            .runID: ["BUILD_TAG", "BUILD_ID"],
            .runNumber: ["BUILD_NUMBER"],
            .runURL: ["BUILD_URL"],
            .jobName: ["JOB_NAME"],
            .jobURL: ["JOB_URL"],
            .actor: ["CHANGE_AUTHOR", "BUILD_USER_ID"],
        ],
        oddFacts: { sheet in
            if sheet["CHANGE_ID"] != nil {
                let isFork = sheet["CHANGE_FORK"] != nil
                sheet.set(.pullRequestFork, isFork ? "true" : "false", from: isFork ? "CHANGE_FORK" : "CHANGE_ID")
            }
            // In a pull request the plugin's own commit is the head, GIT_COMMIT the merge that was checked out.
            if sheet["ghprbActualCommit"] != nil { sheet.set(.mergeCommit, sheet["GIT_COMMIT"], from: "GIT_COMMIT") }
            // BRANCH_NAME is "PR-12" in pull requests and the tag's name on tags.
            guard sheet["TAG_NAME"] == nil, sheet["CHANGE_ID"] == nil, sheet["ghprbPullId"] == nil else { return }
            sheet.set(
                .branch,
                from: [
                    "gitlabSourceBranch", "BRANCH_NAME",
                    FactSource("GIT_BRANCH") { $0.hasPrefix("origin/") ? String($0.dropFirst(7)) : RefName.branch($0) },
                ])
        },
        node: NodeConvention(
            advice: "a matrix axis with the values 0 to 3 and --node \"$AXIS/4\", its name in the place of AXIS"),
        api: .jenkins, template: .jenkins)

    /// `owner/name` of a pull request's URL on GitHub, GitLab and both Bitbuckets.
    @Sendable private static func repositoryOfChange(_ url: String) -> String? {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        let parts = url[scheme.upperBound...].split(separator: "/").dropFirst().map(String.init)
        let words = ["-", "pull", "pulls", "merge_requests", "pull-requests"]
        var repository = parts.prefix { !words.contains($0) }
        // Bitbucket Data Center: /projects/KEY/repos/name/pull-requests/1
        repository.removeAll { $0 == "projects" || $0 == "repos" }
        return repository.count >= 2 && repository.count < parts.count ? repository.joined(separator: "/") : nil
    }
}
