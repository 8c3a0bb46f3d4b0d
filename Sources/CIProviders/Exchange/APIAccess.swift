package import CICore

/// Where a token may be, and how the API wants it.
package struct TokenSource: Sendable, Hashable {
    /// How it is sent.
    package enum Form: Sendable, Hashable {
        /// `Authorization: Bearer …`
        case bearer
        /// `Authorization: token …`
        case token
        /// A header of its own, such as `PRIVATE-TOKEN`.
        case header(String)
        /// `Authorization: Basic …`; the user's name is in a variable, or a fixed word.
        case basic(userVariable: String?, user: String)
    }

    package var variable: String
    package var form: Form

    package init(_ variable: String, _ form: Form) {
        self.variable = variable
        self.form = form
    }
}

/// A token that was found, ready to be sent.
package struct FoundToken: Sendable, Hashable {
    package var header: HTTPHeader
    /// The variable it came from.
    package var variable: String
}

/// What a connection is made from: the build, the environment's tokens and the exchange.
package struct APIAccess: Sendable {
    package let context: BuildContext
    package let environment: [String: String]
    package let files: any FileSystem
    package let exchange: Exchange

    package init(
        context: BuildContext, environment: [String: String], files: any FileSystem, exchange: Exchange
    ) {
        self.context = context
        self.environment = environment
        self.files = files
        self.exchange = exchange
    }

    /// Variables of ours that stand behind no option of the command line, with what they are for.
    package static let variables: [(name: String, summary: String)] = [
        ("DTCI_FORGE_TOKEN", "A token for the forge's API; it wins over the forge's usual variables."),
        ("DTCI_SERVICE_TOKEN", "A token for the CI service's own API; it wins over the usual variables."),
        ("DTCI_SERVICE_API_URL", "The base URL of the CI service's own API."),
        ("DTCI_FILES_BRANCH", "The branch that files for people are committed to; `dt-ci` where it is not set."),
        ("DTCI_GIST", "The id or URL of a gist that takes files."),
        ("DTCI_BITBUCKET_PROXY", "The proxy of Bitbucket Pipelines that signs reports; only for tests."),
    ]

    /// A variable that is set and not empty.
    package subscript(variable: String) -> String? {
        guard let value = environment[variable], !value.isEmpty else { return nil }
        return value
    }

    /// The first token that is there.
    func token(_ sources: [TokenSource]) -> FoundToken? {
        for source in sources {
            guard let value = self[source.variable] else { continue }
            return FoundToken(header: header(source.form, Secret(value)), variable: source.variable)
        }
        return nil
    }

    private func header(_ form: TokenSource.Form, _ secret: Secret) -> HTTPHeader {
        switch form {
        case .bearer: HTTPHeader("Authorization", prefix: "Bearer ", secret: secret)
        case .token: HTTPHeader("Authorization", prefix: "token ", secret: secret)
        case .header(let name): HTTPHeader(name, secret: secret)
        case .basic(let variable, let user):
            HTTPHeader(
                "Authorization", prefix: "Basic ",
                secret: Secret(Base64.encode("\(variable.flatMap { self[$0] } ?? user):\(secret.reveal())")))
        }
    }
}
