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

    /// Variables of ours that stand behind no option of the command line.
    package static let variables: Set<String> = [
        "DTCI_FORGE_TOKEN", "DTCI_FORGE_API_URL", "DTCI_SERVICE_TOKEN", "DTCI_SERVICE_API_URL", "DTCI_FILES_BRANCH",
        "DTCI_GIST", "DTCI_BITBUCKET_PROXY",
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
