import CICore
import SystemPackage

extension SimulatedService {
    /// TeamCity with the feature "Pull Requests".
    static let teamCity = SimulatedService(
        id: "teamcity", title: "TeamCity",
        forges: ["github", "gitlab", "bitbucket", "azure-repos", "gitea", "forgejo"],
        events: [.push, .pullRequest, .fork, .tag, .schedule], dialect: .teamCity
    ) { scenario, forge, place in
        let script = TeamCityJob(scenario: scenario, forge: forge, place: place)
        return SimulatedJob(environment: script.environment, files: script.files, context: script.context)
    }
}

/// One build of TeamCity: most facts stand in two properties files, the second named in the first.
private struct TeamCityJob {
    let scenario: Scenario
    let forge: SimulatedForge
    let place: JobPlace

    private var buildFile: FilePath { place.directory.appending("build.properties") }
    private var configurationFile: FilePath { place.directory.appending("configuration.properties") }
    private var buildURL: String {
        "\(place.base(of: "teamcity"))/buildConfiguration/Widgets_Test/\(scenario.build.runID)"
    }

    private var branch: String {
        switch scenario.event {
        case .pullRequest, .fork: "pull/\(scenario.source.pullRequest)"
        case .tag: "refs/tags/\(scenario.source.tag)"
        default: scenario.builtBranch ?? "<default>"
        }
    }

    var environment: [String: String] {
        [
            "TEAMCITY_VERSION": "2025.07 (build 197242)", "TEAMCITY_PROJECT_NAME": scenario.repository.name,
            "TEAMCITY_BUILDCONF_NAME": scenario.build.jobName, "BUILD_NUMBER": String(scenario.build.runNumber),
            "BUILD_URL": buildURL, "BUILD_VCS_NUMBER": scenario.source.head,
            "TEAMCITY_BUILD_PROPERTIES_FILE": buildFile.string,
            // What the build configuration maps.
            "DTCI_SERVICE_API_URL": place.base(of: "teamcity"), "TEAMCITY_TOKEN": scenario.tokens.service,
        ]
    }

    var files: [SimulatedJob.File] {
        [
            SimulatedJob.File(
                buildFile,
                JavaPropertiesText.encode([
                    "agent.name": "agent-1", "agent.work.dir": place.workspace.string,
                    "build.number": String(scenario.build.runNumber), "build.vcs.number": scenario.source.head,
                    "teamcity.build.id": String(scenario.build.runID),
                    "teamcity.configuration.properties.file": configurationFile.string,
                    "teamcity.auth.userId": "TeamCityBuildId=\(scenario.build.runID)",
                    "teamcity.auth.password": scenario.tokens.job,
                ])),
            SimulatedJob.File(configurationFile, JavaPropertiesText.encode(configuration)),
        ]
    }

    private var configuration: [String: String] {
        let build = scenario.build
        var properties = [
            "teamcity.build.id": String(build.runID), "teamcity.build.branch": branch,
            "teamcity.build.triggeredBy.username": build.actor,
            "teamcity.build.triggeredBy": "\(build.actor) (Größe=ß)",
            "teamcity.serverUrl": place.base(of: "teamcity"), "system.teamcity.projectName": scenario.repository.name,
            "vcsroot.Widgets.url": forge.page(of: scenario.repository.slug) + ".git",
            "vcsroot.Widgets.branch": "refs/heads/\(scenario.repository.defaultBranch)",
        ]
        if build.node.total > 1 {
            properties["teamcity.build.parallelTests.currentBatch"] = String(build.node.index + 1)
            properties["teamcity.build.parallelTests.totalBatches"] = String(build.node.total)
        }
        guard scenario.event.hasPullRequest else { return properties }
        return properties.merging([
            "teamcity.pullRequest.number": String(scenario.source.pullRequest),
            "teamcity.pullRequest.title": "Make widgets faster: a = b",
            "teamcity.pullRequest.source.branch": "refs/heads/\(scenario.source.branch)",
            "teamcity.pullRequest.target.branch": "refs/heads/\(scenario.repository.defaultBranch)",
        ]) { $1 }
    }

    /// Whether it is a fork stands in no property.
    var context: BuildContext {
        let build = scenario.build
        return BuildContext(
            service: "teamcity",
            source: .init(
                commit: scenario.source.head, branch: scenario.builtBranch,
                tag: scenario.event == .tag ? scenario.source.tag : nil),
            pullRequest: scenario.pullRequest.map { .init(number: $0, target: scenario.repository.defaultBranch) },
            repository: .init(slug: scenario.repository.slug, forge: forge.id, host: forge.host),
            execution: .init(
                run: .init(id: String(build.runID), number: String(build.runNumber), url: buildURL),
                job: .init(name: build.jobName),
                node: build.node.total > 1 ? .init(index: build.node.index, total: build.node.total) : .init()),
            actor: build.actor)
    }
}

/// Properties as `java.util.Properties.store` writes them.
enum JavaPropertiesText {
    /// One line a key, in the order of the keys.
    static func encode(_ properties: [String: String]) -> [UInt8] {
        let lines = properties.sorted { $0.key < $1.key }.map {
            "\(escape($0.key, isKey: true))=\(escape($0.value, isKey: false))"
        }
        return Array((["#TeamCity build properties without 'system.' prefix"] + lines).joined(separator: "\n").utf8)
            + [UInt8(ascii: "\n")]
    }

    private static func escape(_ text: String, isKey: Bool) -> String {
        var escaped = ""
        for unit in text.utf16 {
            switch unit {
            case 0x5C, 0x3A, 0x3D, 0x23, 0x21: escaped += "\\\(Character(Unicode.Scalar(UInt8(unit))))"
            case 0x20: escaped += isKey || escaped.isEmpty ? "\\ " : " "
            case 0x0A: escaped += "\\n"
            case 0x0D: escaped += "\\r"
            case 0x09: escaped += "\\t"
            case 0x21...0x7E: escaped.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default:
                let digits = String(unit, radix: 16, uppercase: true)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return escaped
    }
}
