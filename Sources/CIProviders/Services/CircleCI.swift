import CICore

extension CIService {
    /// CircleCI.
    static let circleCI = CIService(
        id: "circleci", title: "CircleCI",
        marks: [ServiceMark("CIRCLECI", ["true"])],
        facts: [
            .commit: ["CIRCLE_SHA1"],
            .branch: ["CIRCLE_BRANCH"],
            .tag: ["CIRCLE_TAG"],
            // CIRCLE_PR_NUMBER is there for forks only; a fork's branch is called pull/12.
            .pullRequestNumber: [
                "CIRCLE_PR_NUMBER",
                FactSource("CIRCLE_BRANCH") { $0.hasPrefix("pull/") ? RefName.pullRequestNumber(in: $0) : nil },
            ],
            .host: [.host("CIRCLE_REPOSITORY_URL"), .host("CIRCLE_PULL_REQUEST"), .circleHost("CIRCLE_BUILD_URL")],
            .forge: [.hostedForge("CIRCLE_REPOSITORY_URL"), .circleForge("CIRCLE_BUILD_URL")],
            .runID: ["CIRCLE_WORKFLOW_ID", "CIRCLE_BUILD_NUM"],
            .runNumber: ["CIRCLE_BUILD_NUM"],
            .runURL: ["CIRCLE_BUILD_URL"],
            .jobID: ["CIRCLE_WORKFLOW_JOB_ID"],
            .jobName: ["CIRCLE_JOB"],
            .nodeIndex: ["CIRCLE_NODE_INDEX"],
            .nodeTotal: ["CIRCLE_NODE_TOTAL"],
            .actor: ["CIRCLE_USERNAME"],
        ],
        oddFacts: { sheet in
            sheet.setCirclePullRequest()
            // Projects of GitLab and of GitHub's app have the URL alone, and groups within groups stand only there.
            sheet.set(.slug, from: [.slug("CIRCLE_REPOSITORY_URL")])
            if let owner = sheet["CIRCLE_PROJECT_USERNAME"], let name = sheet["CIRCLE_PROJECT_REPONAME"] {
                sheet.set(.slug, "\(owner)/\(name)", from: "CIRCLE_PROJECT_REPONAME")
            }
            if sheet["CIRCLE_PR_USERNAME"] != nil || sheet["CIRCLE_PR_REPONAME"] != nil {
                sheet.set(.pullRequestFork, "true", from: "CIRCLE_PR_USERNAME")
            } else if sheet["CIRCLE_BRANCH"]?.hasPrefix("pull/") == true {
                sheet.set(.pullRequestFork, "true", from: "CIRCLE_BRANCH")
            } else if let source = ["CIRCLE_PULL_REQUESTS", "CIRCLE_PULL_REQUEST"].first(where: { sheet[$0] != nil }) {
                sheet.set(.pullRequestFork, "false", from: source)
            }
        },
        node: NodeConvention(
            advice: "`parallelism: 4` in the job, or --node INDEX/TOTAL counted from 0, such as 0/4"),
        // Of `store_artifacts`.
        artifacts: ArtifactKeeping(fileSize: 3_000_000_000), api: .circleCI, template: .circleCI,
        output: .circleCIParameters)
}

extension FactSheet {
    /// A branch can have several pull requests, of which `CIRCLE_PULL_REQUEST` names one at random: ours is always the
    /// oldest.
    fileprivate mutating func setCirclePullRequest() {
        let list = self["CIRCLE_PULL_REQUESTS"]?.split(separator: ",") ?? []
        let numbers = Set(list.compactMap { RefName.pullRequestNumber(in: String($0)).flatMap { Int($0) } }).sorted()
        guard let lowest = numbers.first else {
            return set(.pullRequestNumber, from: [.pullRequestNumber("CIRCLE_PULL_REQUEST")])
        }
        guard self[.pullRequestNumber] == nil else { return }
        set(.pullRequestNumber, String(lowest), from: "CIRCLE_PULL_REQUESTS")
        guard numbers.count > 1 else { return }
        let all = numbers.prefix(10).map { "#\($0)" }.joined(separator: ", ")
        warn(
            "the branch has several pull requests (\(all)): #\(lowest) was taken; "
                + "set DTCI_BUILD_PULL_REQUEST to choose")
    }
}

extension FactSource {
    /// `https://circleci.com/gh/owner/name/61` and `https://app.circleci.com/pipelines/github/owner/name/7/…`
    private static func vendor(_ url: String) -> (forge: String, host: String)? {
        let vendors = [
            "gh": ("github", "github.com"), "github": ("github", "github.com"),
            "bb": ("bitbucket", "bitbucket.org"), "bitbucket": ("bitbucket", "bitbucket.org"),
        ]
        let segments = url.split(separator: "/").dropFirst(2).map(String.init)
        let first = segments.first == "pipelines" ? segments.dropFirst().first : segments.first
        return first.flatMap { vendors[$0] }
    }

    fileprivate static func circleForge(_ variable: String) -> Self { Self(variable) { vendor($0)?.forge } }

    fileprivate static func circleHost(_ variable: String) -> Self { Self(variable) { vendor($0)?.host } }
}
