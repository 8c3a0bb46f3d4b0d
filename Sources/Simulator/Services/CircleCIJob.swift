import CICore
import SystemPackage

extension SimulatedService {
    /// CircleCI.
    static let circleCI = SimulatedService(
        id: "circleci", title: "CircleCI", forges: ["github", "bitbucket"],
        events: [.push, .pullRequest, .fork, .tag, .schedule], dialect: .plain
    ) { scenario, forge, place in
        let script = CircleCIJob(scenario: scenario, forge: forge, place: place)
        return SimulatedJob(environment: script.environment, context: script.context)
    }
}

/// One job of CircleCI.
private struct CircleCIJob {
    let scenario: Scenario
    let forge: SimulatedForge
    let place: JobPlace

    private static let workflow = "f1c2a5d4-8a0b-4b59-9a0f-1c6d8f2e7b11"
    private static let workflowJob = "0d5f3b0c-3b57-4b1e-9d19-7a2c1e9a4f60"

    private var buildURL: String {
        "https://circleci.com/\(forge.id == "github" ? "gh" : "bb")/\(scenario.repository.slug)/\(scenario.build.runNumber)"
    }

    private var pullURL: String {
        forge.page(of: scenario.repository.slug, pullRequest: scenario.source.pullRequest)
    }

    var environment: [String: String] {
        let build = scenario.build
        var variables = [
            "CIRCLECI": "true", "CIRCLE_BUILD_NUM": String(build.runNumber), "CIRCLE_BUILD_URL": buildURL,
            "CIRCLE_JOB": build.jobName, "CIRCLE_NODE_INDEX": String(build.node.index),
            "CIRCLE_NODE_TOTAL": String(build.node.total), "CIRCLE_PROJECT_USERNAME": scenario.repository.owner,
            "CIRCLE_PROJECT_REPONAME": scenario.repository.name,
            "CIRCLE_REPOSITORY_URL": "git@\(forge.host):\(scenario.repository.slug).git",
            "CIRCLE_SHA1": scenario.source.head, "CIRCLE_USERNAME": build.actor,
            "CIRCLE_WORKFLOW_ID": Self.workflow, "CIRCLE_WORKFLOW_JOB_ID": Self.workflowJob,
            "CIRCLE_WORKING_DIRECTORY": place.workspace.string,
            "DTCI_SERVICE_API_URL": place.base(of: "circleci") + "/api/v2",
            "CIRCLE_TOKEN": scenario.tokens.service,
        ]
        switch scenario.event {
        case .tag: variables["CIRCLE_TAG"] = scenario.source.tag
        case .fork:
            let owner = scenario.repository.forkSlug.split(separator: "/").first.map(String.init) ?? ""
            variables.merge([
                "CIRCLE_BRANCH": "pull/\(scenario.source.pullRequest)", "CIRCLE_PULL_REQUEST": pullURL,
                "CIRCLE_PULL_REQUESTS": pullURL, "CIRCLE_PR_NUMBER": String(scenario.source.pullRequest),
                "CIRCLE_PR_USERNAME": owner, "CIRCLE_PR_REPONAME": scenario.repository.name,
            ]) { $1 }
            variables["CIRCLE_TOKEN"] = nil
        case .pullRequest:
            variables.merge([
                "CIRCLE_BRANCH": scenario.source.branch, "CIRCLE_PULL_REQUEST": pullURL,
                "CIRCLE_PULL_REQUESTS": pullURL,
            ]) { $1 }
        default: variables["CIRCLE_BRANCH"] = scenario.builtBranch
        }
        return variables
    }

    /// The target is in no variable; a fork's branch is called after its pull request.
    var context: BuildContext {
        let build = scenario.build
        return BuildContext(
            service: "circleci",
            source: .init(
                commit: scenario.source.head,
                branch: scenario.event == .fork ? "pull/\(scenario.source.pullRequest)" : scenario.builtBranch,
                tag: scenario.event == .tag ? scenario.source.tag : nil),
            pullRequest: scenario.pullRequest.map { .init(number: $0, isFork: scenario.event == .fork) },
            repository: .init(slug: scenario.repository.slug, forge: forge.id, host: forge.host),
            execution: .init(
                run: .init(id: Self.workflow, number: String(build.runNumber), url: buildURL),
                job: .init(id: Self.workflowJob, name: build.jobName),
                node: .init(index: build.node.index, total: build.node.total)),
            actor: build.actor)
    }
}
