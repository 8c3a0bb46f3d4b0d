import CICore
import SystemPackage

extension SimulatedService {
    /// GitHub Actions, and Gitea's and Forgejo's for code on these.
    static let gitHubActions = SimulatedService(
        id: "github-actions", title: "GitHub Actions", forges: ["github", "gitea", "forgejo"],
        events: [.push, .pullRequest, .fork, .tag, .schedule, .mergeQueue, .workflowRun], dialect: .gitHubActions
    ) { scenario, forge, place in
        let script = GitHubActionsJob(scenario: scenario, forge: forge, place: place)
        return SimulatedJob(
            environment: script.environment, files: script.files, context: script.context,
            summary: place.directory.appending("step_summary.md"))
    }
}

/// One job of GitHub Actions.
private struct GitHubActionsJob {
    let scenario: Scenario
    let forge: SimulatedForge
    let place: JobPlace

    private var slug: String { scenario.repository.slug }
    private var target: String { scenario.repository.defaultBranch }
    private var pull: Int? { scenario.pullRequest }

    /// As branch protection's queue names its branches.
    private var queueBranch: String {
        "gh-readonly-queue/\(target)/pr-\(scenario.source.pullRequest)-\(scenario.source.base)"
    }

    private var eventName: String {
        switch scenario.event {
        case .push, .tag: "push"
        case .pullRequest, .fork: "pull_request"
        case .schedule: "schedule"
        case .mergeQueue: "merge_group"
        case .workflowRun: "workflow_run"
        }
    }

    private var ref: String {
        switch scenario.event {
        case .push: "refs/heads/\(scenario.source.branch)"
        case .pullRequest, .fork: "refs/pull/\(scenario.source.pullRequest)/merge"
        case .tag: "refs/tags/\(scenario.source.tag)"
        case .schedule, .workflowRun: "refs/heads/\(target)"
        case .mergeQueue: "refs/heads/\(queueBranch)"
        }
    }

    private var checkedOut: String {
        switch scenario.event {
        case .pullRequest, .fork, .mergeQueue: scenario.source.merge
        case .push, .tag, .schedule: scenario.source.head
        // Nothing of the pull request is checked out.
        case .workflowRun: scenario.source.base
        }
    }

    var environment: [String: String] {
        let api = place.base(of: forge.api) + forge.root
        let workflow = "\(slug)/.github/workflows/ci.yml@\(ref)"
        let variables = [
            "GITHUB_ACTIONS": "true", "GITHUB_ACTION": "__run", "GITHUB_ACTOR": scenario.build.actor,
            "GITHUB_ACTOR_ID": "480938", "GITHUB_TRIGGERING_ACTOR": scenario.build.actor, "GITHUB_API_URL": api,
            "GITHUB_GRAPHQL_URL": "\(api)/graphql", "GITHUB_SERVER_URL": "https://\(forge.host)",
            "GITHUB_BASE_REF": pull == nil ? "" : target,
            "GITHUB_HEAD_REF": pull == nil ? "" : scenario.source.branch, "GITHUB_EVENT_NAME": eventName,
            "GITHUB_EVENT_PATH": path("event.json"), "GITHUB_ENV": path("set_env"),
            "GITHUB_OUTPUT": path("set_output"), "GITHUB_PATH": path("add_path"), "GITHUB_STATE": path("save_state"),
            "GITHUB_STEP_SUMMARY": path("step_summary.md"), "GITHUB_JOB": scenario.build.jobName,
            "GITHUB_REF": ref, "GITHUB_REF_NAME": String(ref.split(separator: "/").dropFirst(2).joined(separator: "/")),
            "GITHUB_REF_PROTECTED": String(scenario.event == .schedule),
            "GITHUB_REF_TYPE": scenario.event == .tag ? "tag" : "branch", "GITHUB_REPOSITORY": slug,
            "GITHUB_REPOSITORY_ID": String(scenario.repository.id),
            "GITHUB_REPOSITORY_OWNER": scenario.repository.owner, "GITHUB_REPOSITORY_OWNER_ID": "583231",
            "GITHUB_RETENTION_DAYS": "90", "GITHUB_RUN_ATTEMPT": String(scenario.build.attempt),
            "GITHUB_RUN_ID": String(scenario.build.runID), "GITHUB_RUN_NUMBER": String(scenario.build.runNumber),
            "GITHUB_SHA": checkedOut, "GITHUB_WORKFLOW": "CI", "GITHUB_WORKFLOW_REF": workflow,
            "GITHUB_WORKFLOW_SHA": checkedOut, "GITHUB_WORKSPACE": place.workspace.string,
            "RUNNER_OS": "Linux", "RUNNER_ARCH": "X64", "RUNNER_NAME": "GitHub Actions 2",
            "RUNNER_ENVIRONMENT": "github-hosted", "RUNNER_TEMP": place.directory.string,
            // What the step's `env` maps, as in the templates.
            "GITHUB_TOKEN": scenario.tokens.forge,
            "ACTIONS_RUNTIME_TOKEN": scenario.actionsRuntimeToken,
            "ACTIONS_RESULTS_URL": place.base(of: forge.api) + "/",
        ]
        guard forge.id != "github" else { return variables }
        return variables.merging([forge.id == "gitea" ? "GITEA_ACTIONS" : "FORGEJO_ACTIONS": "true"]) { $1 }
    }

    private func path(_ name: String) -> String { place.directory.appending(name).string }

    var files: [SimulatedJob.File] {
        [SimulatedJob.File(place.directory.appending("event.json"), event.encoded)]
            + ["set_env", "set_output", "add_path", "save_state", "step_summary.md"].map {
                SimulatedJob.File(place.directory.appending($0))
            }
    }

    /// The webhook's payload, with the members that jobs read.
    private var event: JSONValue {
        let common: JSONValue = [
            "repository": repository(slug), "sender": ["login": .string(scenario.build.actor), "type": "User"],
        ]
        switch scenario.event {
        case .push, .tag:
            return common.merging([
                "ref": .string(ref), "before": .string(scenario.source.base), "after": .string(scenario.source.head),
                "head_commit": ["id": .string(scenario.source.head), "message": "Make widgets faster"],
                "pusher": ["name": .string(scenario.build.actor)],
            ])
        case .pullRequest, .fork:
            return common.merging([
                "action": "synchronize", "number": .int(scenario.source.pullRequest), "pull_request": pullRequest,
            ])
        case .workflowRun:
            return common.merging(["action": "completed", "workflow_run": workflowRun])
        case .schedule: return common.merging(["schedule": "17 3 * * *"])
        case .mergeQueue:
            return common.merging([
                "action": "checks_requested",
                "merge_group": [
                    "head_sha": .string(scenario.source.merge), "head_ref": .string(ref),
                    "base_sha": .string(scenario.source.base), "base_ref": .string("refs/heads/\(target)"),
                ],
            ])
        }
    }

    /// The run that ended; pull requests of forks are never in its list.
    private var workflowRun: JSONValue {
        let owner = scenario.sourceSlug.split(separator: "/").first.map(String.init) ?? ""
        let head = repository(scenario.sourceSlug).merging(["owner": ["login": .string(owner)]])
        return [
            "id": .int(scenario.build.runID - 1), "name": "dt-ci", "event": "pull_request", "conclusion": "failure",
            "head_sha": .string(scenario.source.head), "head_branch": .string(scenario.source.branch),
            "pull_requests": [], "head_repository": head, "actor": ["login": .string(owner)],
        ]
    }

    private var pullRequest: JSONValue {
        [
            "number": .int(scenario.source.pullRequest), "state": "open", "draft": false,
            "title": "Make widgets faster",
            "html_url": .string(forge.page(of: slug, pullRequest: scenario.source.pullRequest)),
            "user": ["login": .string(scenario.build.actor)],
            "merge_commit_sha": .string(scenario.source.merge),
            "head": [
                "ref": .string(scenario.source.branch), "sha": .string(scenario.source.head),
                "repo": repository(scenario.sourceSlug),
            ],
            "base": [
                "ref": .string(target), "sha": .string(scenario.source.base), "repo": repository(slug),
            ],
        ]
    }

    private func repository(_ slug: String) -> JSONValue {
        [
            "full_name": .string(slug), "fork": .bool(slug != self.slug), "default_branch": .string(target),
            "html_url": .string(forge.page(of: slug)),
        ]
    }

    var context: BuildContext {
        let build = scenario.build
        let isMerge = scenario.event.hasPullRequest
        let run = "https://\(forge.host)/\(slug)/actions/runs/\(build.runID)/attempts/\(build.attempt)"
        return BuildContext(
            service: "\(forge.id)-actions",
            source: .init(
                commit: isMerge || scenario.event == .workflowRun ? scenario.source.head : checkedOut,
                mergeCommit: isMerge ? checkedOut : nil,
                branch: scenario.event == .mergeQueue ? queueBranch : scenario.builtBranch,
                tag: scenario.event == .tag ? scenario.source.tag : nil),
            pullRequest: pull.map { .init(number: $0, target: target, isFork: scenario.event == .fork) }
                ?? (scenario.event == .mergeQueue
                    ? .init(number: scenario.source.pullRequest, target: target) : nil),
            repository: .init(slug: slug, forge: forge.id, host: forge.host, defaultBranch: target),
            execution: .init(
                run: .init(
                    id: String(build.runID), attempt: build.attempt, number: String(build.runNumber), url: run),
                job: .init(name: build.jobName)),
            actor: build.actor)
    }
}
