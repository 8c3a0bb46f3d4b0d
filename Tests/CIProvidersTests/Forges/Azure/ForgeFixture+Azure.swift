import Simulator

@testable import CIProviders

extension ForgeFixture {
    static let azureRepos = ForgeFixture(
        forge: .azureRepos, service: "azure-pipelines", apis: { [.azure($0)] },
        environment: { scenario, base in
            [
                "TF_BUILD": "True", "SYSTEM_COLLECTIONURI": base("azure") + "/acme/",
                "SYSTEM_TEAMPROJECT": scenario.azureProject, "BUILD_REPOSITORY_ID": scenario.azureRepositoryID,
                "BUILD_REPOSITORY_NAME": scenario.repository.name, "SYSTEM_ACCESSTOKEN": scenario.tokens.forge,
            ]
        })
}
