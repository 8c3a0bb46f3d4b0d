import CICore

extension CIService {
    /// TeamCity, which tells most facts in property files that variables and other files name.
    static let teamCity = CIService(
        id: "teamcity", title: "TeamCity",
        marks: ["TEAMCITY_VERSION"],
        facts: [
            .commit: ["build.vcs.number", "BUILD_VCS_NUMBER"],
            .tag: [.tag("teamcity.build.branch")],
            .pullRequestNumber: [
                "teamcity.pullRequest.number", .pullRequestNumber("teamcity.build.branch"),
                .pullRequestNumber("teamcity.pullRequest.url"),
                // What build configurations map where a step sees no files.
                "TEAMCITY_PULLREQUEST_NUMBER",
            ],
            .pullRequestTarget: [.branch("teamcity.pullRequest.target.branch")],
            .branch: [
                .branch("teamcity.pullRequest.source.branch"),
                FactSource("teamcity.build.branch", read: plainBranch),
            ],
            .runID: ["teamcity.build.id", "BUILD_NUMBER"],
            .runNumber: ["BUILD_NUMBER", "build.number"],
            .jobName: ["TEAMCITY_BUILDCONF_NAME"],
            .nodeIndex: [.oneBased("teamcity.build.parallelTests.currentBatch")],
            .nodeTotal: ["teamcity.build.parallelTests.totalBatches"],
            .actor: ["teamcity.build.triggeredBy.username"],
        ],
        oddFacts: { sheet in
            sheet.readTeamCityProperties()
            sheet.setTeamCityRepository()
            sheet.setTeamCitySource()
            // A leftover of the Jenkins that started the agent.
            let isLeftover = sheet["JENKINS_URL"].map { sheet["BUILD_URL"]?.hasPrefix($0) ?? false } ?? false
            if !isLeftover { sheet.set(.runURL, from: ["BUILD_URL"]) }
            if let server = sheet["teamcity.serverUrl"], let id = sheet["teamcity.build.id"] {
                let base = server.hasSuffix("/") ? String(server.dropLast()) : server
                sheet.set(.runURL, "\(base)/viewLog.html?buildId=\(id)", from: "teamcity.serverUrl")
            }
        },
        node: NodeConvention(
            advice: "parallel tests in the build configuration, or --node INDEX/TOTAL counted from 0, such as 0/4",
            jobsShareRun: false),
        log: .teamCity,
        artifacts: ArtifactKeeping(
            offer: ArtifactOffer(names: ["teamcity"], title: "TeamCity artifacts", layout: .files)),
        api: .teamCity, template: .teamCity, output: .teamCityParameters)

    /// `<default>` and a pull request's own ref are no branches.
    @Sendable fileprivate static func plainBranch(_ name: String) -> String? {
        name.hasPrefix("<") || RefName.pullRequestNumber(in: name) != nil ? nil : RefName.branch(name)
    }
}

extension FactSheet {
    /// The build's properties and, from the file that they name, the configuration's.
    func teamCityProperties() -> [String: String] {
        var sheet = self
        sheet.readTeamCityProperties()
        return sheet.properties
    }

    fileprivate mutating func readTeamCityProperties() {
        for variable in ["TEAMCITY_BUILD_PROPERTIES_FILE", "teamcity.configuration.properties.file"] {
            switch file(in: variable) {
            case .success(let bytes): properties.merge(JavaProperties.parse(bytes)) { $1 }
            case .failure(let error): warn("\(variable) \(error.reason): facts that only it tells are unknown")
            case nil: break
            }
        }
    }

    /// Of several VCS roots the first by name; the pull request's page where there is none.
    fileprivate mutating func setTeamCityRepository() {
        let root = properties.keys.filter { $0.hasPrefix("vcsroot.") && $0.hasSuffix("url") }.min()
        if let root, let repository = self[root].flatMap({ RepositoryURL($0) }) {
            set(.slug, repository.slug, from: root)
            set(.host, repository.host, from: root)
            set(.forge, RepositoryURL.forge(repository.host), from: root)
        }
        let page = "teamcity.pullRequest.url"
        guard let url = self[page] else { return }
        set(.slug, from: [.changeSlug(page)])
        set(.host, from: [.host(page)])
        set(.forge, RepositoryURL.changeForge(url), from: page)
    }

    /// Builds of several VCS roots have a commit of each, and name no branch where it is the default one.
    fileprivate mutating func setTeamCitySource() {
        if self["build.vcs.number"] == nil, self["BUILD_VCS_NUMBER"] == nil {
            let names = properties.keys.sorted() + environment.keys.sorted()
            let number = names.first { $0.hasPrefix("build.vcs.number.") || $0.hasPrefix("BUILD_VCS_NUMBER_") }
            if let number { set(.commit, self[number], from: number) }
        }
        let branches = properties.keys.filter { $0.hasPrefix("teamcity.build.vcs.branch.") }
        guard self["teamcity.build.branch"] ?? "<default>" == "<default>", let branch = branches.min() else { return }
        set(.branch, from: [FactSource(branch, read: CIService.plainBranch)])
    }
}
