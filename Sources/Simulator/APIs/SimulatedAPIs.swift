/// Which simulated APIs a scenario needs; one exists by being listed here.
package enum SimulatedAPIs {
    private typealias Makers = [String: @Sendable (Scenario) -> [SimulatedAPI]]

    /// By the forge's id.
    private static let ofForges: Makers = [
        "github": { [.gitHub($0)] + SimulatedAPI.gitHubArtifacts($0) },
        "gitlab": { [.gitLab($0)] },
        "bitbucket": { [.bitbucket($0)] },
        "azure-repos": { [.azure($0)] },
        "gitea": { [.gitea($0)] + SimulatedAPI.gitHubArtifacts($0) },
        "forgejo": { [.gitea($0)] + SimulatedAPI.gitHubArtifacts($0) },
    ]

    /// By the CI service's id, for those that have an API beside the forge's.
    private static let ofServices: Makers = [
        "azure-pipelines": { [.azure($0)] },
        "jenkins": { [.jenkins($0)] },
        "circleci": { [.circleCI($0)] },
        "teamcity": { [.teamCity($0)] },
        "travis-ci": { [.travis($0)] },
    ]

    /// The forge's and the service's, each once.
    package static func apis(for scenario: Scenario) -> [SimulatedAPI] {
        let made = (ofForges[scenario.forge]?(scenario) ?? []) + (ofServices[scenario.service]?(scenario) ?? [])
        return made.reduce(into: []) { apis, api in
            if !apis.contains(where: { $0.id == api.id }) { apis.append(api) }
        }
    }
}
