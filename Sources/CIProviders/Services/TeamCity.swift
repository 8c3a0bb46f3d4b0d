import CICore

extension CIService {
    /// TeamCity, which tells most facts in property files that variables and other files name.
    static let teamCity = CIService(
        id: "teamcity", title: "TeamCity",
        marks: [("TEAMCITY_VERSION", [])],
        facts: [
            .commit: ["BUILD_VCS_NUMBER"],
            .runID: ["BUILD_NUMBER"],
            .runNumber: ["BUILD_NUMBER"],
            .runURL: ["BUILD_URL"],
            .jobName: ["TEAMCITY_BUILDCONF_NAME"],
        ],
        oddFacts: { sheet in
            let properties = sheet.teamCityProperties()
            for (fact, keys) in propertyKeys {
                for key in keys {
                    guard let text = properties[key.variable], let value = key.read(text) else { continue }
                    sheet.set(fact, value, from: key.variable)
                }
            }
            let root = properties.keys.sorted().first { $0.hasPrefix("vcsroot.") && $0.hasSuffix("url") }
            guard let root, let repository = properties[root].flatMap({ RepositoryURL($0) }) else { return }
            sheet.set(.slug, repository.slug, from: root)
            sheet.set(.host, repository.host, from: root)
        },
        node: NodeConvention(
            advice: "parallel tests in the build configuration, or --node INDEX/TOTAL counted from 0, such as 0/4",
            jobsShareRun: false),
        log: .teamCity,
        api: .teamCity, template: .teamCity)

    private static let propertyKeys: [(fact: Fact, keys: [FactSource])] = [
        (.commit, ["build.vcs.number"]),
        (.tag, [.tag("teamcity.build.branch")]),
        (.pullRequestNumber, ["teamcity.pullRequest.number", .pullRequestNumber("teamcity.build.branch")]),
        (.pullRequestTarget, [.branch("teamcity.pullRequest.target.branch")]),
        (
            .branch,
            [.branch("teamcity.pullRequest.source.branch"), FactSource("teamcity.build.branch", read: plainBranch)]
        ),
        (.runID, ["teamcity.build.id"]),
        (.nodeIndex, [.oneBased("teamcity.build.parallelTests.currentBatch")]),
        (.nodeTotal, ["teamcity.build.parallelTests.totalBatches"]),
        (.actor, ["teamcity.build.triggeredBy.username"]),
    ]

    /// `<default>` and a pull request's own ref are no branches.
    @Sendable private static func plainBranch(_ name: String) -> String? {
        name.hasPrefix("<") || RefName.pullRequestNumber(in: name) != nil ? nil : RefName.branch(name)
    }
}

extension FactSheet {
    /// The build's properties and, from the file that they name, the configuration's.
    func teamCityProperties() -> [String: String] {
        let build = contents(ofFileIn: "TEAMCITY_BUILD_PROPERTIES_FILE").map(JavaProperties.parse) ?? [:]
        let configuration = build["teamcity.configuration.properties.file"].flatMap { contents(ofFileAt: $0) }
        return build.merging(configuration.map(JavaProperties.parse) ?? [:]) { $1 }
    }
}
