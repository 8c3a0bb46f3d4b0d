import CICore

import struct FoundationEssentials.Data
import class FoundationEssentials.JSONDecoder

extension CIService {
    /// GitHub Actions, and Gitea's and Forgejo's, which speak its language.
    static let gitHubActions = CIService(
        id: "github-actions", title: "GitHub Actions",
        marks: [("GITHUB_ACTIONS", ["true"])],
        facts: [
            .branch: ["GITHUB_HEAD_REF", .branch("GITHUB_REF")],
            .tag: [.tag("GITHUB_REF")],
            .pullRequestNumber: [.pullRequestNumber("GITHUB_REF")],
            .pullRequestTarget: ["GITHUB_BASE_REF"],
            .slug: ["GITHUB_REPOSITORY"],
            .host: [.host("GITHUB_SERVER_URL")],
            .runID: ["GITHUB_RUN_ID"],
            .runAttempt: ["GITHUB_RUN_ATTEMPT"],
            .runNumber: ["GITHUB_RUN_NUMBER"],
            // GITHUB_JOB is the job's key in the workflow file; its numeric id is in no variable.
            .jobName: ["GITHUB_JOB"],
            .actor: ["GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR"],
        ],
        oddFacts: { sheet in
            if sheet["ACT"] != nil { sheet.set(.simulator, "act", from: "ACT") }
            for (variable, forge) in [("FORGEJO_ACTIONS", "forgejo"), ("GITEA_ACTIONS", "gitea")]
            where sheet[variable] == "true" {
                sheet.set(.forge, forge, from: variable)
            }
            sheet.set(.forge, "github", from: "GITHUB_ACTIONS")
            sheet.setGitHubEvent()
            sheet.setGitHubRunURL()
        },
        node: NodeConvention(
            advice: "--node ${{ strategy.job-index }}/${{ strategy.job-total }} in a job with a matrix"),
        log: .gitHub, template: .gitHubActions)
}

extension FactSheet {
    /// `GITHUB_SHA` is the test merge in pull requests and the base in `pull_request_target` and `workflow_run`: there
    /// the head stands in the event's file only.
    fileprivate mutating func setGitHubEvent() {
        let source = "GITHUB_EVENT_PATH"
        let event = contents(ofFileIn: source).flatMap(GitHubEvent.init)
        if let pull = event?.pull_request {
            set(.commit, pull.head?.sha, from: source)
            set(.pullRequestNumber, pull.number.map(String.init), from: source)
            set(.pullRequestTarget, pull.base?.ref, from: source)
            set(.branch, pull.head?.ref, from: source)
            if let repository = self["GITHUB_REPOSITORY"], pull.head != nil {
                // A head without a repository is a fork that was deleted.
                let isFork = pull.head?.repo?.full_name != repository
                set(.pullRequestFork, isFork ? "true" : "false", from: source)
            }
        } else if let run = event?.workflow_run {
            set(.commit, run.head_sha, from: source)
            set(.branch, run.head_branch, from: source)
            let pull = run.pull_requests?.first { $0.head?.ref == run.head_branch }
            set(.pullRequestNumber, pull?.number.map(String.init), from: source)
            set(.pullRequestTarget, pull?.base?.ref, from: source)
        }
        let name = self["GITHUB_EVENT_NAME"] ?? ""
        if name == "pull_request", self["GITHUB_REF"]?.hasPrefix("refs/pull/") == true {
            set(.mergeCommit, self["GITHUB_SHA"], from: "GITHUB_SHA")
        } else if !["pull_request_target", "workflow_run"].contains(name) {
            set(.commit, self["GITHUB_SHA"], from: "GITHUB_SHA")
        }
    }

    fileprivate mutating func setGitHubRunURL() {
        guard let server = self["GITHUB_SERVER_URL"], let slug = self["GITHUB_REPOSITORY"],
            let id = self["GITHUB_RUN_ID"]
        else { return }
        let attempt = self["GITHUB_RUN_ATTEMPT"].map { "/attempts/\($0)" } ?? ""
        set(.runURL, "\(server)/\(slug)/actions/runs/\(id)\(attempt)", from: "GITHUB_RUN_ID")
    }
}

/// The parts of a webhook payload that tell what is built; everything may be missing.
private struct GitHubEvent: Decodable {
    let pull_request: PullRequest?
    let workflow_run: WorkflowRun?

    struct PullRequest: Decodable {
        let number: Int?
        let head: Head?
        let base: Head?
    }

    struct Head: Decodable {
        let ref: String?
        let sha: String?
        let repo: Repository?
    }

    struct Repository: Decodable {
        let full_name: String?
    }

    struct WorkflowRun: Decodable {
        let head_sha: String?
        let head_branch: String?
        let pull_requests: [PullRequest]?
    }

    /// `nil` for what is no such payload, which then tells nothing.
    init?(_ bytes: [UInt8]) {
        guard let event = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else { return nil }
        self = event
    }
}
