import CICore
import SystemPackage

extension SimulatedService {
    /// GitLab CI; its merge queue is the merge train.
    static let gitLabCI = SimulatedService(
        id: "gitlab-ci", title: "GitLab CI", forges: ["gitlab"],
        events: [.push, .pullRequest, .fork, .tag, .schedule, .mergeQueue], dialect: .gitLabCI
    ) { scenario, forge, place in
        let script = GitLabCIJob(scenario: scenario, forge: forge, place: place)
        return SimulatedJob(environment: script.environment, context: script.context)
    }
}

/// One job of GitLab CI.
private struct GitLabCIJob {
    let scenario: Scenario
    let forge: SimulatedForge
    let place: JobPlace

    private var hasMergeRequest: Bool { scenario.event.hasPullRequest || scenario.event == .mergeQueue }
    private var number: Int { scenario.source.pullRequest }

    /// Merge requests build the merged result; a fork's builds its head alone.
    private var isMergedResult: Bool { hasMergeRequest && scenario.event != .fork }

    private var eventType: String {
        switch scenario.event {
        case .mergeQueue: "merge_train"
        case .fork: "detached"
        default: "merged_result"
        }
    }

    /// What exists whatever the event is.
    private var common: [String: String] {
        let page = forge.page(of: scenario.repository.slug)
        let build = scenario.build
        return [
            "GITLAB_CI": "true", "CI_SERVER": "yes", "CI_SERVER_NAME": "GitLab", "CI_SERVER_VERSION": "18.5.0",
            "CI_SERVER_HOST": forge.host, "CI_SERVER_PORT": "443", "CI_SERVER_PROTOCOL": "https",
            "CI_SERVER_URL": "https://\(forge.host)", "CI_API_V4_URL": place.base(of: forge.api) + forge.root,
            "CI_API_GRAPHQL_URL": place.base(of: forge.api) + "/api/graphql",
            "CI_PROJECT_ID": String(scenario.repository.id), "CI_PROJECT_NAME": scenario.repository.name,
            "CI_PROJECT_NAMESPACE": scenario.repository.owner, "CI_PROJECT_PATH": scenario.repository.slug,
            "CI_PROJECT_URL": page, "CI_PROJECT_DIR": place.workspace.string,
            "CI_DEFAULT_BRANCH": scenario.repository.defaultBranch, "CI_PIPELINE_ID": String(build.runID),
            "CI_PIPELINE_IID": String(build.runNumber), "CI_PIPELINE_URL": "\(page)/-/pipelines/\(build.runID)",
            "CI_JOB_ID": String(build.jobID), "CI_JOB_NAME": build.jobName, "CI_JOB_STAGE": "test",
            "CI_JOB_URL": "\(page)/-/jobs/\(build.jobID)", "CI_JOB_STATUS": "running",
            "CI_JOB_TOKEN": scenario.tokens.job, "CI_NODE_TOTAL": String(build.node.total),
            "CI_REPOSITORY_URL":
                "https://gitlab-ci-token:\(scenario.tokens.job)@\(forge.host)/\(scenario.repository.slug).git",
            "GITLAB_USER_LOGIN": build.actor, "CI_RUNNER_ID": "12", "CI_RUNNER_DESCRIPTION": "saas-linux-small-amd64",
            "CI_COMMIT_SHA": isMergedResult ? scenario.source.merge : scenario.source.head,
            "CI_COMMIT_SHORT_SHA": String((isMergedResult ? scenario.source.merge : scenario.source.head).prefix(8)),
            "CI_COMMIT_BEFORE_SHA": scenario.event == .push ? scenario.source.base : String(repeating: "0", count: 40),
        ].merging(build.node.total > 1 ? ["CI_NODE_INDEX": String(build.node.index + 1)] : [:]) { $1 }
    }

    var environment: [String: String] {
        let source: [String: String]
        switch scenario.event {
        case .push:
            source = [
                "CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": scenario.source.branch,
                "CI_COMMIT_REF_NAME": scenario.source.branch,
                "CI_OPEN_MERGE_REQUESTS": "\(scenario.repository.slug)!\(number)",
            ]
        case .schedule:
            source = [
                "CI_PIPELINE_SOURCE": "schedule", "CI_COMMIT_BRANCH": scenario.repository.defaultBranch,
                "CI_COMMIT_REF_NAME": scenario.repository.defaultBranch,
            ]
        case .tag:
            source = [
                "CI_PIPELINE_SOURCE": "push", "CI_COMMIT_TAG": scenario.source.tag,
                "CI_COMMIT_REF_NAME": scenario.source.tag,
            ]
        case .pullRequest, .fork, .mergeQueue: source = mergeRequest
        // GitLab has no such event.
        case .workflowRun: source = [:]
        }
        return common.merging(source) { $1 }
    }

    private var mergeRequest: [String: String] {
        let word = eventType == "merge_train" ? "train" : eventType == "detached" ? "head" : "merge"
        return [
            "CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_ID": "88112233",
            "CI_MERGE_REQUEST_IID": String(number), "CI_MERGE_REQUEST_EVENT_TYPE": eventType,
            "CI_MERGE_REQUEST_TITLE": "Make widgets faster",
            "CI_MERGE_REQUEST_PROJECT_ID": String(scenario.repository.id),
            "CI_MERGE_REQUEST_PROJECT_PATH": scenario.repository.slug,
            "CI_MERGE_REQUEST_PROJECT_URL": forge.page(of: scenario.repository.slug),
            "CI_MERGE_REQUEST_SOURCE_PROJECT_ID":
                String(scenario.repository.id + (scenario.event == .fork ? 1 : 0)),
            "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH": scenario.sourceSlug,
            "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": scenario.source.branch,
            "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": isMergedResult ? scenario.source.head : "",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": scenario.repository.defaultBranch,
            "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": isMergedResult ? scenario.source.base : "",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": scenario.source.base,
            "CI_MERGE_REQUEST_REF_PATH": "refs/merge-requests/\(number)/\(word)",
            "CI_COMMIT_REF_NAME": scenario.source.branch,
        ]
    }

    /// A branch's pipeline lists the merge requests that are open.
    private var mergeRequestBuilt: BuildContext.PullRequest? {
        if scenario.event == .push { return .init(number: number, isFork: false) }
        guard hasMergeRequest else { return nil }
        return .init(number: number, target: scenario.repository.defaultBranch, isFork: scenario.event == .fork)
    }

    var context: BuildContext {
        let build = scenario.build
        let page = forge.page(of: scenario.repository.slug)
        return BuildContext(
            service: "gitlab-ci",
            source: .init(
                commit: scenario.source.head, mergeCommit: isMergedResult ? scenario.source.merge : nil,
                branch: hasMergeRequest ? scenario.source.branch : scenario.builtBranch,
                tag: scenario.event == .tag ? scenario.source.tag : nil),
            pullRequest: mergeRequestBuilt,
            repository: .init(
                slug: scenario.repository.slug, forge: forge.id, host: forge.host,
                defaultBranch: scenario.repository.defaultBranch),
            execution: .init(
                run: .init(
                    id: String(build.runID), number: String(build.runNumber),
                    url: "\(page)/-/pipelines/\(build.runID)"),
                job: .init(id: String(build.jobID), name: build.jobName, url: "\(page)/-/jobs/\(build.jobID)"),
                node: build.node.total > 1
                    ? .init(index: build.node.index, total: build.node.total) : .init(total: 1)),
            actor: build.actor)
    }
}
