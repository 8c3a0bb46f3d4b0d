package import CICore
import SystemPackage

/// Finds the keys of a storage where AWS' own tools look for them, in their order ("AWS SDKs and Tools Reference Guide",
/// "Standardized credential providers"): variables, a web identity, the profile of a file.
package struct AWSKeyChain: Sendable {
    private let environment: [String: String]
    private let files: any FileSystem
    private let exchange: Exchange

    package init(environment: [String: String], files: any FileSystem, exchange: Exchange) {
        self.environment = environment
        self.files = files
        self.exchange = exchange
    }

    /// Why there are no keys, in a sentence that says what to set.
    package struct Missing: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// The keys for a storage; where a role lends them, they are asked for when the first request needs them.
    package func keys(for address: S3Address) throws(Missing) -> S3Keys {
        let (id, secret) = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
        if let held = S3Credentials(environment: environment) { return .held(held) }
        if value(id) != nil || value(secret) != nil {
            let (given, other) = value(id) == nil ? (secret, id) : (id, secret)
            throw Missing(description: "\(given) is set, but not \(other)")
        }
        if let role = try webIdentity(for: address) { return .lent(role) }
        let profile = value("AWS_PROFILE")
        guard let file = credentialsFile, profile != nil || value(Self.fileVariable) != nil || files.exists(file) else {
            throw Missing(
                description: "no keys: set \(id) and \(secret), AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE, or "
                    + "AWS_PROFILE")
        }
        return .held(try credentials(of: profile ?? "default", in: file))
    }

    private static let fileVariable = "AWS_SHARED_CREDENTIALS_FILE"

    private func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    // MARK: A role

    /// What CI services' OpenID Connect tokens open; `nil` where no variable speaks of it.
    private func webIdentity(for address: S3Address) throws(Missing) -> S3RoleKeys? {
        let (role, token) = ("AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE")
        guard let file = value(token) else {
            // A role alone may be for other tools, which get their token otherwise.
            guard value(role) != nil, value("AWS_PROFILE") == nil else { return nil }
            throw Missing(description: "\(role) is set, but not \(token)")
        }
        guard let arn = value(role) else { throw Missing(description: "\(token) is set, but not \(role)") }
        return S3RoleKeys(
            of: .init(
                arn: arn, session: value("AWS_ROLE_SESSION_NAME") ?? "dt-ci", tokenFile: FilePath(file),
                endpoint: value("AWS_ENDPOINT_URL_STS") ?? value("AWS_ENDPOINT_URL")
                    ?? Self.endpoint(region: address.region)),
            files: files, exchange: exchange)
    }

    /// The token service of a region.
    static func endpoint(region: String) -> String {
        "https://sts.\(region).amazonaws.com\(region.hasPrefix("cn-") ? ".cn" : "")"
    }

    // MARK: A file

    /// `nil` where nobody says where one's home is.
    private var credentialsFile: FilePath? {
        let home = value("HOME").map { FilePath($0) }
        guard let named = value(Self.fileVariable) else { return home?.appending(".aws").appending("credentials") }
        return named.hasPrefix("~/") ? home?.pushing(FilePath(String(named.dropFirst(2)))) : FilePath(named)
    }

    private func credentials(of profile: String, in file: FilePath) throws(Missing) -> S3Credentials {
        let name = SafeText.line(profile, limit: 80)
        let bytes: [UInt8]
        do {
            bytes = try files.contents(of: file, limit: 1 << 20)
        } catch {
            throw Missing(description: "the keys of the profile \(name): \(error.description)")
        }
        guard let settings = Self.settings(of: profile, in: String(decoding: bytes, as: UTF8.self)) else {
            throw Missing(description: "\(file) has no profile \(name)")
        }
        guard let id = settings["aws_access_key_id"], let secret = settings["aws_secret_access_key"] else {
            let other = settings.keys.sorted().first.map { "\(SafeText.line($0, limit: 40)), which is not read, but " }
            throw Missing(
                description: "the profile \(name) in \(file) has \(other ?? "")no aws_access_key_id with an "
                    + "aws_secret_access_key")
        }
        return S3Credentials(
            accessKey: id, secretKey: Secret(secret), sessionToken: settings["aws_session_token"].map(Secret.init))
    }

    /// What stands below `[profile]`; `nil` where there is no such line.
    private static func settings(of profile: String, in text: String) -> [String: String]? {
        var settings: [String: String]?
        var isWanted = false
        for line in text.split(whereSeparator: \.isNewline) {
            let line = trimmed(line)
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("["), let end = line.firstIndex(of: "]") {
                isWanted = trimmed(line[line.index(after: line.startIndex)..<end]) == profile
                if isWanted { settings = settings ?? [:] }
            } else if isWanted, let equals = line.firstIndex(of: "=") {
                let value = trimmed(line[line.index(after: equals)...])
                if !value.isEmpty { settings?[trimmed(line[..<equals]).lowercased()] = value }
            }
        }
        return settings
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
