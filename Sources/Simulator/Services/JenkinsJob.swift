import CICore
import SystemPackage

extension SimulatedService {
    /// Jenkins with the branch source plugins.
    static let jenkins = SimulatedService(
        id: "jenkins", title: "Jenkins",
        forges: ["github", "gitlab", "bitbucket", "azure-repos", "gitea", "forgejo"],
        events: [.push, .pullRequest, .fork, .tag, .schedule], dialect: .plain
    ) { scenario, forge, place in
        let script = JenkinsJob(scenario: scenario, forge: forge, place: place)
        return SimulatedJob(environment: script.environment, context: script.context)
    }
}

/// One build of a multibranch job of Jenkins.
private struct JenkinsJob {
    let scenario: Scenario
    let forge: SimulatedForge
    let place: JobPlace

    private var server: String { place.base(of: "jenkins") + "/" }

    private var branchName: String {
        switch scenario.event {
        case .pullRequest, .fork: "PR-\(scenario.source.pullRequest)"
        case .tag: scenario.source.tag
        default: scenario.builtBranch ?? scenario.repository.defaultBranch
        }
    }

    private var jobName: String { "\(scenario.repository.name)/\(branchName)" }

    private var jobURL: String { "\(server)job/\(scenario.repository.name)/job/\(branchName)/" }

    private var buildTag: String { "jenkins-\(scenario.repository.name)-\(branchName)-\(scenario.build.runNumber)" }

    var environment: [String: String] {
        let number = String(scenario.build.runNumber)
        var variables = [
            "JENKINS_URL": server, "HUDSON_URL": server, "BUILD_NUMBER": number, "BUILD_ID": number,
            "BUILD_DISPLAY_NAME": "#\(number)", "BUILD_TAG": buildTag, "BUILD_URL": "\(jobURL)\(number)/",
            "JOB_NAME": jobName, "JOB_BASE_NAME": branchName, "JOB_URL": jobURL, "BRANCH_NAME": branchName,
            "NODE_NAME": "built-in", "EXECUTOR_NUMBER": "1", "STAGE_NAME": "Test", "WORKSPACE": place.workspace.string,
            "GIT_COMMIT": scenario.source.head, "GIT_BRANCH": branchName,
            "GIT_URL": forge.page(of: scenario.repository.slug) + ".git",
            // What the pipeline maps from credentials.
            "JENKINS_USER": scenario.build.actor, "JENKINS_API_TOKEN": scenario.tokens.service,
            "DTCI_SERVICE_API_URL": place.base(of: "jenkins"),
        ]
        if scenario.event == .tag { variables["TAG_NAME"] = scenario.source.tag }
        guard scenario.event.hasPullRequest else { return variables }
        variables.merge([
            "CHANGE_ID": String(scenario.source.pullRequest), "CHANGE_BRANCH": scenario.source.branch,
            "CHANGE_TARGET": scenario.repository.defaultBranch, "CHANGE_AUTHOR": scenario.build.actor,
            "CHANGE_TITLE": "Make widgets faster",
            "CHANGE_URL": forge.page(of: scenario.repository.slug, pullRequest: scenario.source.pullRequest),
        ]) { $1 }
        if scenario.event == .fork {
            variables["CHANGE_FORK"] = scenario.repository.forkSlug.split(separator: "/").first.map(String.init)
        }
        return variables
    }

    var context: BuildContext {
        let number = String(scenario.build.runNumber)
        return BuildContext(
            service: "jenkins",
            source: .init(
                commit: scenario.source.head, branch: scenario.builtBranch,
                tag: scenario.event == .tag ? scenario.source.tag : nil),
            pullRequest: scenario.pullRequest.map {
                .init(number: $0, target: scenario.repository.defaultBranch, isFork: scenario.event == .fork)
            },
            repository: .init(slug: scenario.repository.slug, forge: forge.id, host: forge.host),
            execution: .init(
                run: .init(id: buildTag, number: number, url: "\(jobURL)\(number)/"),
                job: .init(name: jobName, url: jobURL)),
            actor: scenario.event.hasPullRequest ? scenario.build.actor : nil)
    }
}
