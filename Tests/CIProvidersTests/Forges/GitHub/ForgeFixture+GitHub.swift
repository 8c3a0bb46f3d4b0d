import Simulator

@testable import CIProviders

extension ForgeFixture {
    static let gitHub = ForgeFixture(
        forge: .gitHub, service: "github-actions",
        apis: { [.gitHub($0)] + SimulatedAPI.gitHubArtifacts($0) },
        environment: { scenario, base in
            [
                "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_API_URL": base("github"),
                "GITHUB_TOKEN": scenario.tokens.forge, "ACTIONS_RESULTS_URL": base(""),
                "ACTIONS_RUNTIME_TOKEN": scenario.actionsRuntimeToken, "DTCI_GIST": "aa5a315d61ae9438b18d",
            ]
        })

    static let gitea = giteaLike(.gitea)
    static let forgejo = giteaLike(.forgejo)

    private static func giteaLike(_ forge: Forge) -> ForgeFixture {
        ForgeFixture(
            forge: forge, service: "github-actions",
            apis: { [.gitea($0)] + SimulatedAPI.gitHubArtifacts($0) },
            environment: { scenario, base in
                [
                    "GITHUB_ACTIONS": "true", "GITEA_ACTIONS": "true", "GITHUB_API_URL": base(forge.id),
                    "GITHUB_TOKEN": scenario.tokens.forge, "ACTIONS_RESULTS_URL": base(""),
                    "ACTIONS_RUNTIME_TOKEN": scenario.actionsRuntimeToken,
                ]
            })
    }
}
