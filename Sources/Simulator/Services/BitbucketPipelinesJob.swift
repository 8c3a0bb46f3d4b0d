import CICore
import SystemPackage

extension SimulatedService {
    /// Bitbucket Pipelines. A fork's pull request is built in the fork, as a push to its branch.
    static let bitbucketPipelines = SimulatedService(
        id: "bitbucket-pipelines", title: "Bitbucket Pipelines", forges: ["bitbucket"],
        events: [.push, .pullRequest, .fork, .tag, .schedule], dialect: .plain
    ) { scenario, forge, place in
        let script = BitbucketPipelinesJob(scenario: scenario, forge: forge, place: place)
        return SimulatedJob(environment: script.environment, context: script.context)
    }
}

/// One step of Bitbucket Pipelines.
private struct BitbucketPipelinesJob {
    let scenario: Scenario
    let forge: SimulatedForge
    let place: JobPlace

    private static let step = "b2c3d4e5-f607-4819-a2b3-c4d5e6f70819"
    private static let person = "557058b1-a37b-4fb1-b0a6-d5f3c1a8e9f2"

    private var slug: String { scenario.sourceSlug }

    var environment: [String: String] {
        let build = scenario.build
        let parts = slug.split(separator: "/").map(String.init)
        var variables = [
            "BITBUCKET_BUILD_NUMBER": String(build.runNumber), "BITBUCKET_COMMIT": scenario.source.head,
            "BITBUCKET_CLONE_DIR": place.workspace.string, "BITBUCKET_WORKSPACE": parts.first ?? "",
            "BITBUCKET_REPO_OWNER": parts.first ?? "", "BITBUCKET_REPO_SLUG": parts.last ?? "",
            "BITBUCKET_REPO_FULL_NAME": slug, "BITBUCKET_REPO_UUID": "{7f0c3a8e-1b7d-49d1-8f4a-2a6b9c0d1e2f}",
            "BITBUCKET_GIT_HTTP_ORIGIN": "http://\(forge.host)/\(slug)",
            "BITBUCKET_PIPELINE_UUID": "{a1b2c3d4-e5f6-4708-91a2-b3c4d5e6f708}",
            "BITBUCKET_STEP_UUID": "{\(Self.step)}", "BITBUCKET_STEP_RUN_NUMBER": String(build.attempt),
            "BITBUCKET_STEP_TRIGGERER_UUID": "{\(Self.person)}",
            "BITBUCKET_PROJECT_KEY": "WID", "DTCI_BITBUCKET_PROXY": place.root,
            "BITBUCKET_TEST_METADATA_FILE_PATH": place.directory.string,
        ]
        if build.node.total > 1 {
            variables["BITBUCKET_PARALLEL_STEP"] = String(build.node.index)
            variables["BITBUCKET_PARALLEL_STEP_COUNT"] = String(build.node.total)
        }
        switch scenario.event {
        case .tag: variables["BITBUCKET_TAG"] = scenario.source.tag
        case .pullRequest:
            variables.merge([
                "BITBUCKET_BRANCH": scenario.source.branch, "BITBUCKET_PR_ID": String(scenario.source.pullRequest),
                "BITBUCKET_PR_DESTINATION_BRANCH": scenario.repository.defaultBranch,
                "BITBUCKET_PR_DESTINATION_COMMIT": String(scenario.source.base.prefix(12)),
            ]) { $1 }
        default: variables["BITBUCKET_BRANCH"] = scenario.builtBranch
        }
        return variables
    }

    var context: BuildContext {
        let build = scenario.build
        let number = String(build.runNumber)
        return BuildContext(
            service: "bitbucket-pipelines",
            source: .init(
                commit: scenario.source.head, branch: scenario.builtBranch,
                tag: scenario.event == .tag ? scenario.source.tag : nil),
            pullRequest: scenario.event == .pullRequest
                ? .init(number: scenario.source.pullRequest, target: scenario.repository.defaultBranch) : nil,
            repository: .init(slug: slug, forge: forge.id, host: forge.host),
            execution: .init(
                run: .init(
                    id: number, attempt: build.attempt, number: number,
                    url: "https://bitbucket.org/\(slug)/addon/pipelines/home#!/results/\(number)"),
                job: .init(id: Self.step),
                node: build.node.total > 1 ? .init(index: build.node.index, total: build.node.total) : .init()),
            actor: Self.person)
    }
}
