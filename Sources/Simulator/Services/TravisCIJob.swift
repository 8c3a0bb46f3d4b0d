import CICore
import SystemPackage

extension SimulatedService {
    /// Travis CI.
    static let travisCI = SimulatedService(
        id: "travis-ci", title: "Travis CI", forges: ["github", "gitlab", "bitbucket"],
        events: [.push, .pullRequest, .fork, .tag, .schedule], dialect: .travisCI
    ) { scenario, forge, place in
        let script = TravisCIJob(scenario: scenario, forge: forge, place: place)
        return SimulatedJob(environment: script.environment, context: script.context)
    }
}

/// One job of Travis CI.
private struct TravisCIJob {
    let scenario: Scenario
    let forge: SimulatedForge
    let place: JobPlace

    private var isPullRequest: Bool { scenario.event.hasPullRequest }
    private var site: String { "https://app.travis-ci.com/\(forge.id)/\(scenario.repository.slug)" }
    private var buildURL: String { "\(site)/builds/\(scenario.build.runID)" }
    private var jobURL: String { "\(site)/jobs/\(scenario.build.jobID)" }

    private var eventType: String {
        switch scenario.event {
        case .pullRequest, .fork: "pull_request"
        case .schedule: "cron"
        default: "push"
        }
    }

    /// The target in pull requests, the tag's name on tags.
    private var branch: String {
        switch scenario.event {
        case .pullRequest, .fork: scenario.repository.defaultBranch
        case .tag: scenario.source.tag
        default: scenario.builtBranch ?? ""
        }
    }

    var environment: [String: String] {
        let build = scenario.build
        var variables = [
            "TRAVIS": "true", "CONTINUOUS_INTEGRATION": "true", "TRAVIS_BRANCH": branch,
            "TRAVIS_BUILD_DIR": place.workspace.string, "TRAVIS_BUILD_ID": String(build.runID),
            "TRAVIS_BUILD_NUMBER": String(build.runNumber), "TRAVIS_BUILD_WEB_URL": buildURL,
            "TRAVIS_COMMIT": isPullRequest ? scenario.source.merge : scenario.source.head,
            "TRAVIS_COMMIT_RANGE": "\(scenario.source.base.prefix(12))...\(scenario.source.head.prefix(12))",
            "TRAVIS_EVENT_TYPE": eventType, "TRAVIS_JOB_ID": String(build.jobID),
            "TRAVIS_JOB_NAME": build.jobName, "TRAVIS_JOB_NUMBER": "\(build.runNumber).\(build.node.index + 1)",
            "TRAVIS_JOB_WEB_URL": jobURL, "TRAVIS_OS_NAME": "linux",
            "TRAVIS_PULL_REQUEST": isPullRequest ? String(scenario.source.pullRequest) : "false",
            "TRAVIS_PULL_REQUEST_BRANCH": isPullRequest ? scenario.source.branch : "",
            "TRAVIS_PULL_REQUEST_SHA": isPullRequest ? scenario.source.head : "",
            "TRAVIS_PULL_REQUEST_SLUG": isPullRequest ? scenario.sourceSlug : "",
            "TRAVIS_REPO_SLUG": scenario.repository.slug,
            "TRAVIS_TAG": scenario.event == .tag ? scenario.source.tag : "",
            "TRAVIS_SECURE_ENV_VARS": scenario.event == .fork ? "false" : "true",
            "DTCI_SERVICE_API_URL": place.base(of: "travis"),
        ]
        if scenario.event != .fork { variables["TRAVIS_TOKEN"] = scenario.tokens.service }
        return variables
    }

    var context: BuildContext {
        let build = scenario.build
        return BuildContext(
            service: "travis-ci",
            source: .init(
                commit: scenario.source.head, mergeCommit: isPullRequest ? scenario.source.merge : nil,
                branch: scenario.builtBranch, tag: scenario.event == .tag ? scenario.source.tag : nil),
            pullRequest: scenario.pullRequest.map {
                .init(number: $0, target: scenario.repository.defaultBranch, isFork: scenario.event == .fork)
            },
            repository: .init(slug: scenario.repository.slug, forge: forge.id, host: forge.host),
            execution: .init(
                run: .init(id: String(build.runID), number: String(build.runNumber), url: buildURL),
                job: .init(id: String(build.jobID), name: build.jobName, url: jobURL)),
            actor: nil)
    }
}
