import CICore

extension CIService {
    /// GitLab CI and `gitlab-ci-local`, which says `GITLAB_CI=false`.
    static let gitLabCI = CIService(
        id: "gitlab-ci", title: "GitLab CI",
        marks: [
            ServiceMark("GITLAB_CI", ["true"]),
            // gitlab-ci-local; alone the word means that this is no GitLab.
            ServiceMark("GITLAB_CI", ["false"], with: ["CI_PROJECT_PATH", "CI_JOB_ID", "CI_PIPELINE_ID"]),
        ],
        facts: [
            .commit: [
                "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA", "CI_COMMIT_SHA",
                "CI_BUILD_REF",
            ],
            .branch: [
                "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME",
            ],
            .tag: ["CI_COMMIT_TAG"],
            // CI_MERGE_REQUEST_ID is the number of the whole installation; interfaces want the project's.
            .pullRequestNumber: ["CI_MERGE_REQUEST_IID", "CI_EXTERNAL_PULL_REQUEST_IID"],
            .pullRequestTarget: [
                "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME",
            ],
            .slug: ["CI_MERGE_REQUEST_PROJECT_PATH", "CI_PROJECT_PATH", .slug("CI_REPOSITORY_URL")],
            .defaultBranch: ["CI_DEFAULT_BRANCH"],
            .host: ["CI_SERVER_HOST", .host("CI_PROJECT_URL"), .host("CI_REPOSITORY_URL")],
            .runID: ["CI_PIPELINE_ID"],
            .runNumber: ["CI_PIPELINE_IID"],
            .runURL: ["CI_PIPELINE_URL"],
            .jobID: ["CI_JOB_ID"],
            .jobName: ["CI_JOB_NAME"],
            .jobURL: ["CI_JOB_URL"],
            .nodeIndex: [.oneBased("CI_NODE_INDEX")],
            .nodeTotal: ["CI_NODE_TOTAL"],
            .actor: ["GITLAB_USER_LOGIN"],
        ],
        oddFacts: { sheet in
            if sheet["GITLAB_CI"] == "false" { sheet.set(.simulator, "gitlab-ci-local", from: "GITLAB_CI") }
            sheet.setExternalPullRequest()
            sheet.set(.forge, "gitlab", from: "GITLAB_CI")
            // Filled only where CI_COMMIT_SHA is the merged result.
            if sheet["CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"] != nil {
                sheet.set(.mergeCommit, sheet["CI_COMMIT_SHA"], from: "CI_COMMIT_SHA")
            }
            if let source = sheet["CI_MERGE_REQUEST_SOURCE_PROJECT_ID"],
                let target = sheet["CI_MERGE_REQUEST_PROJECT_ID"]
            {
                sheet.set(
                    .pullRequestFork, source == target ? "false" : "true", from: "CI_MERGE_REQUEST_SOURCE_PROJECT_ID")
            }
            sheet.setOpenMergeRequest()
            // CI_COMMIT_BRANCH is not set in pipelines of merge requests and tags, and not at all in old versions.
            let isBranch = sheet["CI_COMMIT_TAG"] == nil && sheet["CI_MERGE_REQUEST_IID"] == nil
            let usual: [FactSource] = ["CI_COMMIT_BRANCH", .branch("CI_COMMIT_REF_NAME"), .branch("CI_BUILD_REF_NAME")]
            if isBranch, sheet["CI_EXTERNAL_PULL_REQUEST_IID"] == nil { sheet.set(.branch, from: usual) }
        },
        node: NodeConvention(
            advice: "`parallel: 4` in the job, or --node INDEX/TOTAL counted from 0, such as 0/4"),
        log: .gitLab, artifacts: ArtifactKeeping(place: "gitlab"), template: .gitLabCI, output: .gitLabPipeline)
}

extension FactSheet {
    /// A pipeline for GitHub's pull request in a project that mirrors GitHub's repository: what people look at, and its
    /// number, are GitHub's.
    fileprivate mutating func setExternalPullRequest() {
        let target = "CI_EXTERNAL_PULL_REQUEST_TARGET_REPOSITORY"
        let source = "CI_EXTERNAL_PULL_REQUEST_SOURCE_REPOSITORY"
        guard self["CI_MERGE_REQUEST_IID"] == nil, self["CI_EXTERNAL_PULL_REQUEST_IID"] != nil,
            let repository = self[target]
        else { return }
        set(.slug, repository, from: target)
        set(.forge, "github", from: target)
        set(.host, "github.com", from: target)
        set(.pullRequestFork, self[source].map { $0 == repository ? "false" : "true" }, from: source)
    }

    /// Pipelines of branches list up to four merge requests, `group/project!12,group/project!15`: ours is the oldest of
    /// this project, else the first that is named.
    fileprivate mutating func setOpenMergeRequest() {
        let variable = "CI_OPEN_MERGE_REQUESTS"
        guard self["CI_MERGE_REQUEST_IID"] == nil, self["CI_EXTERNAL_PULL_REQUEST_IID"] == nil,
            self[.pullRequestNumber] == nil
        else { return }
        let all = (self[variable]?.split(separator: ",") ?? []).compactMap { text -> (project: String, number: Int)? in
            guard let mark = text.lastIndex(of: "!"), let number = Int(text[text.index(after: mark)...]) else {
                return nil
            }
            return (text[..<mark].filter { $0 != " " }, number)
        }
        let own = all.filter { $0.project == self["CI_PROJECT_PATH"] }.min { $0.number < $1.number }
        guard let chosen = own ?? all.first else { return }
        set(.pullRequestNumber, String(chosen.number), from: variable)
        set(.pullRequestFork, own == nil ? "true" : "false", from: variable)
        set(.slug, chosen.project, from: variable)
        guard all.count > 1 else { return }
        let names = all.prefix(10).map { "\($0.project)!\($0.number)" }.joined(separator: ", ")
        warn(
            "the branch has several merge requests (\(names)): !\(chosen.number) was taken; "
                + "set DTCI_BUILD_PULL_REQUEST to choose")
    }
}
