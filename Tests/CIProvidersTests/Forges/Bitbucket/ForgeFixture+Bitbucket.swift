@testable import CIProviders
@testable import Simulator

extension ForgeFixture {
    /// Bitbucket Cloud as a step of its pipelines sees it.
    static let bitbucket = ForgeFixture(
        forge: .bitbucket, service: "bitbucket-pipelines", apis: { [.bitbucket($0)] },
        environment: { scenario, base in
            [
                "DTCI_FORGE_API_URL": base("bitbucket") + "/2.0", "BITBUCKET_TOKEN": scenario.tokens.forge,
                // The simulation takes what is meant for any host, as the proxy of a step does.
                "DTCI_BITBUCKET_PROXY": String(base("").dropLast()),
            ]
        })
}

extension ForgeFixture.Wishes {
    /// A step that nobody has given a token.
    static var tokenless: Self {
        var wishes = Self()
        wishes.environment = { $0["BITBUCKET_TOKEN"] = nil }
        return wishes
    }

    /// Serves a Bitbucket whose state the test can look into and change.
    static func bitbucket(_ state: SimulatedState<BitbucketState>) -> Self {
        var wishes = Self()
        wishes.apis = { [SimulatedBitbucket($0, state).api] }
        return wishes
    }
}
