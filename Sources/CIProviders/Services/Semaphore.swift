import CICore

extension CIService {
    /// Semaphore 2.0.
    static let semaphore = CIService(
        id: "semaphore", title: "Semaphore",
        marks: [ServiceMark("SEMAPHORE", ["true"])],
        facts: [
            .tag: ["SEMAPHORE_GIT_TAG_NAME"],
            .pullRequestNumber: ["SEMAPHORE_GIT_PR_NUMBER"],
            .slug: ["SEMAPHORE_GIT_REPO_SLUG", .slug("SEMAPHORE_GIT_URL")],
            .host: [.host("SEMAPHORE_GIT_URL")],
            .forge: [
                FactSource("SEMAPHORE_GIT_PROVIDER") { ["github", "gitlab", "bitbucket"].contains($0) ? $0 : nil }
            ],
            .runID: ["SEMAPHORE_WORKFLOW_ID"],
            .runNumber: ["SEMAPHORE_WORKFLOW_NUMBER"],
            .jobID: ["SEMAPHORE_JOB_ID"],
            .jobName: ["SEMAPHORE_JOB_NAME"],
            .nodeIndex: [.oneBased("SEMAPHORE_JOB_INDEX")],
            .nodeTotal: ["SEMAPHORE_JOB_COUNT"],
            .actor: ["SEMAPHORE_WORKFLOW_TRIGGERED_BY", "SEMAPHORE_GIT_COMMITTER", "SEMAPHORE_GIT_COMMIT_AUTHOR"],
        ],
        oddFacts: { sheet in
            sheet.setSemaphoreSource()
            guard let organization = sheet["SEMAPHORE_ORGANIZATION_URL"] else { return }
            if let workflow = sheet["SEMAPHORE_WORKFLOW_ID"] {
                let pipeline = sheet["SEMAPHORE_PIPELINE_ID"].map { "?pipeline_id=\($0)" } ?? ""
                sheet.set(.runURL, "\(organization)/workflows/\(workflow)\(pipeline)", from: "SEMAPHORE_WORKFLOW_ID")
            }
            guard let job = sheet["SEMAPHORE_JOB_ID"] else { return }
            sheet.set(.jobURL, "\(organization)/jobs/\(job)", from: "SEMAPHORE_JOB_ID")
        },
        node: NodeConvention(advice: "parallelism: N of the job, which sets SEMAPHORE_JOB_INDEX and its count"))
}

extension FactSheet {
    /// In pull requests `SEMAPHORE_GIT_SHA` is the test merge and `SEMAPHORE_GIT_BRANCH` the target.
    fileprivate mutating func setSemaphoreSource() {
        guard self["SEMAPHORE_GIT_PR_NUMBER"] != nil else {
            set(.commit, from: ["SEMAPHORE_GIT_SHA"])
            guard self["SEMAPHORE_GIT_TAG_NAME"] == nil else { return }
            return set(.branch, from: [.branch("SEMAPHORE_GIT_WORKING_BRANCH"), .branch("SEMAPHORE_GIT_BRANCH")])
        }
        if self["SEMAPHORE_GIT_PR_SHA"] != nil {
            set(.commit, from: ["SEMAPHORE_GIT_PR_SHA"])
            set(.mergeCommit, from: ["SEMAPHORE_GIT_SHA"])
        } else if let merge = self["SEMAPHORE_GIT_SHA"] {
            testMerge = TestMerge(commit: merge, source: "SEMAPHORE_GIT_SHA", kind: .ofForge)
        }
        set(.branch, from: ["SEMAPHORE_GIT_PR_BRANCH", "SEMAPHORE_GIT_WORKING_BRANCH"])
        set(.pullRequestTarget, from: ["SEMAPHORE_GIT_BRANCH"])
        guard let source = self["SEMAPHORE_GIT_PR_SLUG"], let target = self["SEMAPHORE_GIT_REPO_SLUG"] else { return }
        set(.pullRequestFork, source == target ? "false" : "true", from: "SEMAPHORE_GIT_PR_SLUG")
    }
}
