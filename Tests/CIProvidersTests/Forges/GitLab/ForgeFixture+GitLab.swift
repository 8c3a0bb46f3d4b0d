@testable import CIProviders
@testable import Simulator

extension ForgeFixture {
    /// GitLab as another CI service sees it: the project by its path, no pipeline of its own.
    static let gitLab = ForgeFixture(
        forge: .gitLab, service: "jenkins", apis: { [.gitLab($0)] },
        environment: { scenario, base in
            ["DTCI_FORGE_API_URL": base("gitlab") + "/api/v4", "GITLAB_TOKEN": scenario.tokens.forge]
        })

    /// GitLab as a job of its own pipeline sees it, one of the merged result.
    static let gitLabCI = ForgeFixture(
        forge: .gitLab, service: "gitlab-ci", apis: { [.gitLab($0)] },
        environment: { scenario, base in
            let id = String(scenario.repository.id)
            return [
                "CI_API_V4_URL": base("gitlab") + "/api/v4", "CI_PROJECT_ID": id,
                "CI_PROJECT_URL": "https://forge.example/octo/widgets", "CI_DEFAULT_BRANCH": "main",
                "CI_PIPELINE_ID": String(scenario.build.runID), "CI_MERGE_REQUEST_IID": "12",
                "CI_MERGE_REQUEST_ID": "88112233", "CI_MERGE_REQUEST_PROJECT_ID": id,
                "CI_JOB_TOKEN": scenario.tokens.job, "GITLAB_TOKEN": scenario.tokens.forge,
            ]
        })
}

extension ForgeFixture.Wishes {
    /// A job that nobody has given a token.
    static var jobTokenOnly: Self {
        var wishes = Self()
        wishes.environment = { $0["GITLAB_TOKEN"] = nil }
        return wishes
    }

    /// Serves a GitLab whose state the test can look into and change.
    static func gitLab(_ state: SimulatedState<GitLabState>) -> Self {
        var wishes = Self()
        wishes.apis = { [SimulatedGitLab($0, state).api] }
        return wishes
    }
}
