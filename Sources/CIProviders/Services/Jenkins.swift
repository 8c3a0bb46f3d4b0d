import CICore

extension CIService {
    /// Jenkins with its branch source plugins, the GitHub pull request builder and the GitLab plugin.
    static let jenkins = CIService(
        id: "jenkins", title: "Jenkins",
        // An agent that another service started inherits the URL, but no build; TeamCity's builds have a number too.
        marks: [
            ServiceMark("JENKINS_URL", with: ["BUILD_TAG", "JOB_NAME", "BUILD_ID"]),
            ServiceMark("JENKINS_URL", with: ["BUILD_NUMBER"], without: ["TEAMCITY_VERSION"]),
        ],
        facts: [
            .commit: ["ghprbActualCommit", "gitlabMergeRequestLastCommit"],
            .branch: ["CHANGE_BRANCH", "ghprbSourceBranch"],
            .tag: ["TAG_NAME"],
            .pullRequestNumber: ["CHANGE_ID", "ghprbPullId", "gitlabMergeRequestIid"],
            .pullRequestTarget: ["CHANGE_TARGET", "ghprbTargetBranch", "gitlabTargetBranch"],
            .slug: [
                .changeSlug("CHANGE_URL"), "ghprbGhRepository", .slug("gitlabTargetRepoHttpUrl"),
                .slug("gitlabTargetRepoSshUrl"), .slug("GIT_URL"), .slug("GIT_URL_1"), .slug("gitlabSourceRepoHttpUrl"),
            ],
            .forge: [.changeForge("CHANGE_URL"), .changeForge("ghprbPullLink")],
            .host: [
                .host("CHANGE_URL"), .host("ghprbPullLink"), .host("gitlabTargetRepoHttpUrl"),
                .host("gitlabTargetRepoSshUrl"), .host("GIT_URL"), .host("GIT_URL_1"),
                .host("gitlabSourceRepoHttpUrl"),
            ],
            .runID: ["BUILD_TAG", "BUILD_ID", "BUILD_NUMBER"],
            .runNumber: ["BUILD_NUMBER"],
            .runURL: ["BUILD_URL"],
            .jobName: ["JOB_NAME"],
            .jobURL: ["JOB_URL"],
            .actor: ["CHANGE_AUTHOR", "ghprbPullAuthorLogin", "gitlabUserUsername", "BUILD_USER_ID"],
        ],
        oddFacts: { sheet in
            sheet.setJenkinsFork()
            sheet.setJenkinsCommit()
            if let mark = ["gitlabActionType", "gitlabSourceBranch"].first(where: { sheet[$0] != nil }) {
                sheet.set(.forge, "gitlab", from: mark)
            }
            // BRANCH_NAME is "PR-12" in pull requests and the tag's name on tags.
            guard sheet["TAG_NAME"] == nil, sheet["CHANGE_ID"] == nil, sheet["ghprbPullId"] == nil else { return }
            sheet.set(
                .branch,
                from: [
                    "gitlabSourceBranch", "BRANCH_NAME", "GIT_LOCAL_BRANCH",
                    FactSource("GIT_BRANCH", read: branchOfRemote),
                ])
        },
        node: NodeConvention(
            advice: "a matrix axis with the values 0 to 3 and --node \"$AXIS/4\", its name in the place of AXIS"),
        api: .jenkins, template: .jenkins, output: .jenkinsParallel)

    /// `origin/a/b` and `refs/remotes/origin/a/b` are the branch `a/b`; a detached head is none.
    @Sendable private static func branchOfRemote(_ name: String) -> String? {
        for prefix in ["refs/remotes/origin/", "origin/"] where name.hasPrefix(prefix) {
            return String(name.dropFirst(prefix.count))
        }
        return name == "detached" ? nil : RefName.branch(name)
    }
}

extension FactSheet {
    fileprivate mutating func setJenkinsFork() {
        if self["CHANGE_ID"] != nil {
            let isFork = self["CHANGE_FORK"] != nil
            set(.pullRequestFork, isFork ? "true" : "false", from: isFork ? "CHANGE_FORK" : "CHANGE_ID")
        } else if let source = self["ghprbAuthorRepoGitUrl"].flatMap({ RepositoryURL($0) }),
            let target = self["ghprbGhRepository"]
        {
            set(.pullRequestFork, source.slug == target ? "false" : "true", from: "ghprbAuthorRepoGitUrl")
        } else if let source = self["gitlabSourceRepoHttpUrl"].flatMap({ RepositoryURL($0) }),
            let target = self["gitlabTargetRepoHttpUrl"].flatMap({ RepositoryURL($0) })
        {
            set(.pullRequestFork, source.slug == target.slug ? "false" : "true", from: "gitlabSourceRepoHttpUrl")
        }
    }

    /// Plugins that know the head leave the merge in `GIT_COMMIT`; a multibranch job may merge target into head itself.
    fileprivate mutating func setJenkinsCommit() {
        if self["ghprbActualCommit"] != nil || self["gitlabMergeRequestLastCommit"] != nil {
            set(.mergeCommit, self["GIT_COMMIT"], from: "GIT_COMMIT")
        } else if self["CHANGE_ID"] != nil, let commit = self["GIT_COMMIT"] {
            testMerge = TestMerge(commit: commit, source: "GIT_COMMIT", kind: .perhapsOfJenkins)
        } else {
            set(.commit, self["GIT_COMMIT"], from: "GIT_COMMIT")
        }
    }
}

extension FactSource {
    /// The forge that a pull request's page is of.
    fileprivate static func changeForge(_ variable: String) -> Self {
        Self(variable) { RepositoryURL.changeForge($0) }
    }
}
