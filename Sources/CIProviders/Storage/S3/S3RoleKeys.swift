package import CICore
package import SystemPackage

import struct FoundationEssentials.Date

/// Where the keys of a storage come from.
package enum S3Keys: Sendable {
    case held(S3Credentials)
    /// Asked for when they are needed.
    case lent(S3RoleKeys)

    /// The keys for a request that is made now.
    func credentials() async throws(APIError) -> S3Credentials {
        switch self {
        case .held(let credentials): credentials
        case .lent(let keys): try await keys.credentials()
        }
    }
}

/// The keys that a role lends whoever shows a token of its identity: a CI service's OpenID Connect token (AWS Security Token
/// Service API Reference, "AssumeRoleWithWebIdentity").
package actor S3RoleKeys {
    /// The role, and what opens it.
    package struct Role: Sendable, Hashable {
        package var arn: String
        /// What the account's records call this use of it.
        package var session: String
        /// Has the token; CI services may renew it.
        package var tokenFile: FilePath
        /// Of the token service.
        package var endpoint: String

        package init(arn: String, session: String, tokenFile: FilePath, endpoint: String) {
            self.arn = arn
            self.session = session
            self.tokenFile = tokenFile
            self.endpoint = endpoint
        }
    }

    private let role: Role
    private let files: any FileSystem
    private let exchange: Exchange
    private var lent: (credentials: S3Credentials, end: Date?)?

    /// Keys that end sooner are renewed, so that no request comes too late with them.
    private static let margin = 300.0

    package init(of role: Role, files: any FileSystem, exchange: Exchange) {
        self.role = role
        self.files = files
        self.exchange = exchange
    }

    /// Those that were lent before, while they last.
    func credentials() async throws(APIError) -> S3Credentials {
        if let lent, lent.end.map({ exchange.ports.now().addingTimeInterval(Self.margin) < $0 }) ?? true {
            return lent.credentials
        }
        let answer = S3Document(try await ask())
        guard let id = answer.first("AccessKeyId"), let secret = answer.first("SecretAccessKey") else {
            throw APIError(.noCredentials, Self.title, detail: "the answer has no keys")
        }
        let credentials = S3Credentials(
            accessKey: id, secretKey: Secret(secret), sessionToken: answer.first("SessionToken").map(Secret.init))
        lent = (credentials, Timestamp.date(answer.first("Expiration")))
        return credentials
    }

    private static let title = "AWS STS: AssumeRoleWithWebIdentity"

    private func ask() async throws(APIError) -> APIAnswer {
        let fields = [
            ("Action", "AssumeRoleWithWebIdentity"), ("Version", "2011-06-15"), ("RoleArn", role.arn),
            ("RoleSessionName", role.session), ("WebIdentityToken", try token()),
        ]
        let form = fields.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
        let call = APICall(
            .post, "/", headers: [HTTPHeader("Content-Type", "application/x-www-form-urlencoded")],
            body: HTTPBody(Array(form.utf8)))
        let client = APIClient(title: "AWS STS", base: role.endpoint, headers: [], exchange: exchange)
        do throws(APIError) {
            return try await client.create(call, read: { $0 }, unless: { nil })
        } catch {
            var refusal = error
            // Whatever its reason: without keys there is nothing to be done.
            if error.code != .cancelled { refusal.code = .noCredentials }
            refusal.what = "\(Self.title) of \(SafeText.line(role.arn, limit: 200))"
            throw refusal
        }
    }

    private func token() throws(APIError) -> String {
        do {
            let bytes = try files.contents(of: role.tokenFile, limit: 64 << 10)
            return String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        } catch {
            throw APIError(.noCredentials, "AWS_WEB_IDENTITY_TOKEN_FILE", detail: error.description)
        }
    }
}
