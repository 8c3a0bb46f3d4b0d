import CICore
import SystemPackage

extension SimulatedService {
    /// Azure Pipelines.
    static let azurePipelines = SimulatedService(
        id: "azure-pipelines", title: "Azure Pipelines", forges: ["azure-repos", "github", "bitbucket"],
        events: [.push, .pullRequest, .fork, .tag, .schedule], dialect: .azurePipelines
    ) { scenario, forge, place in
        let script = AzurePipelinesJob(scenario: scenario, forge: forge, place: place)
        return SimulatedJob(environment: script.environment, context: script.context)
    }
}

/// One job of Azure Pipelines.
private struct AzurePipelinesJob {
    let scenario: Scenario
    let forge: SimulatedForge
    let place: JobPlace

    private static let job = "12f1170f-54f2-53f3-20dd-22fc7dff55f9"

    private var collection: String { place.base(of: "azure") + "/acme/" }
    private var isOnGitHub: Bool { forge.id == "github" }
    private var ref: String {
        switch scenario.event {
        case .pullRequest, .fork: "refs/pull/\(scenario.source.pullRequest)/merge"
        case .tag: "refs/tags/\(scenario.source.tag)"
        default: "refs/heads/\(scenario.builtBranch ?? "")"
        }
    }

    private var provider: String {
        switch forge.id {
        case "github": "GitHub"
        case "bitbucket": "Bitbucket"
        default: "TfsGit"
        }
    }

    private var repositoryURL: String {
        guard forge.id == "azure-repos" else { return forge.page(of: scenario.repository.slug) }
        return "https://acme@dev.azure.com/acme/\(scenario.repository.owner)/_git/\(scenario.repository.name)"
    }

    private var reason: String {
        switch scenario.event {
        case .pullRequest, .fork: "PullRequest"
        case .schedule: "Schedule"
        default: "IndividualCI"
        }
    }

    var environment: [String: String] {
        let build = scenario.build
        let variables = [
            "TF_BUILD": "True", "SYSTEM_COLLECTIONURI": collection, "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI": collection,
            "SYSTEM_TEAMPROJECT": scenario.repository.owner,
            "SYSTEM_TEAMPROJECTID": "6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c",
            "SYSTEM_DEFINITIONID": "3", "SYSTEM_JOBID": Self.job,
            "SYSTEM_JOBDISPLAYNAME": build.jobName, "SYSTEM_JOBATTEMPT": String(build.attempt),
            "SYSTEM_JOBPOSITIONINPHASE": String(build.node.index + 1),
            "SYSTEM_TOTALJOBSINPHASE": String(build.node.total), "SYSTEM_HOSTTYPE": "build",
            "SYSTEM_PLANID": "96ac2280-8cb4-5df5-99de-dd2da759617d",
            "SYSTEM_TIMELINEID": "96ac2280-8cb4-5df5-99de-dd2da759617d",
            "AGENT_JOBNAME": build.jobName, "AGENT_NAME": "Azure Pipelines 3", "AGENT_OS": "Linux",
            "AGENT_TEMPDIRECTORY": place.directory.string, "BUILD_BUILDID": String(build.runID),
            "BUILD_CONTAINERID": String(scenario.azureContainerID),
            "BUILD_BUILDNUMBER": "20250131.\(build.runNumber)", "BUILD_DEFINITIONNAME": scenario.repository.name,
            "BUILD_REASON": reason, "BUILD_REQUESTEDFOR": build.actor, "BUILD_REPOSITORY_PROVIDER": provider,
            "BUILD_REPOSITORY_NAME": forge.id == "azure-repos" ? scenario.repository.name : scenario.repository.slug,
            "BUILD_REPOSITORY_ID": forge.id == "azure-repos"
                ? "5febef5a-833d-4e14-b9c0-14cb638f91e6" : scenario.repository.slug,
            "BUILD_REPOSITORY_URI": repositoryURL, "BUILD_SOURCEBRANCH": ref,
            "BUILD_SOURCEBRANCHNAME": ref.split(separator: "/").last.map(String.init) ?? "",
            "BUILD_SOURCEVERSION": scenario.event.hasPullRequest ? scenario.source.merge : scenario.source.head,
            "BUILD_SOURCESDIRECTORY": place.workspace.string,
            "BUILD_ARTIFACTSTAGINGDIRECTORY": place.directory.string,
            // Mapped by the template; a fork's build has one of a narrower scope.
            "SYSTEM_ACCESSTOKEN": forge.id == "azure-repos" ? scenario.tokens.forge : scenario.tokens.service,
        ]
        return variables.merging(scenario.event.hasPullRequest ? pullRequest : [:]) { $1 }
    }

    private var pullRequest: [String: String] {
        let number = String(scenario.source.pullRequest)
        let shared = [
            "SYSTEM_PULLREQUEST_ISFORK": scenario.event == .fork ? "True" : "False",
            "SYSTEM_PULLREQUEST_SOURCEBRANCH": isOnGitHub
                ? scenario.source.branch : "refs/heads/\(scenario.source.branch)",
            "SYSTEM_PULLREQUEST_TARGETBRANCH": isOnGitHub
                ? scenario.repository.defaultBranch : "refs/heads/\(scenario.repository.defaultBranch)",
            "SYSTEM_PULLREQUEST_SOURCECOMMITID": scenario.source.head,
            "SYSTEM_PULLREQUEST_SOURCEREPOSITORYURI": isOnGitHub ? forge.page(of: scenario.sourceSlug) : repositoryURL,
        ]
        // On GitHub the id is a number of all GitHub and does not fit 32 bits.
        let numbers =
            isOnGitHub
            ? ["SYSTEM_PULLREQUEST_PULLREQUESTID": "2914438215", "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER": number]
            : ["SYSTEM_PULLREQUEST_PULLREQUESTID": number]
        return shared.merging(numbers) { $1 }
    }

    var context: BuildContext {
        let build = scenario.build
        let run = "\(collection)\(scenario.repository.owner)/_build/results?buildId=\(build.runID)"
        let isMerge = scenario.event.hasPullRequest
        return BuildContext(
            service: "azure-pipelines",
            source: .init(
                commit: scenario.source.head, mergeCommit: isMerge ? scenario.source.merge : nil,
                branch: scenario.builtBranch, tag: scenario.event == .tag ? scenario.source.tag : nil),
            pullRequest: scenario.pullRequest.map {
                .init(number: $0, target: scenario.repository.defaultBranch, isFork: scenario.event == .fork)
            },
            repository: .init(slug: scenario.repository.slug, forge: forge.id, host: forge.host),
            execution: .init(
                run: .init(
                    id: String(build.runID), attempt: build.attempt, number: "20250131.\(build.runNumber)", url: run),
                job: .init(id: Self.job, name: build.jobName, url: "\(run)&view=logs&j=\(Self.job)"),
                node: .init(index: build.node.index, total: build.node.total)),
            actor: build.actor)
    }
}
