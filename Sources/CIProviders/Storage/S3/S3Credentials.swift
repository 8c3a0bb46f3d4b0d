package import CICore

/// The keys that sign requests to an S3-compatible storage.
package struct S3Credentials: Sendable, Hashable {
    /// Names the keys; it travels in the clear.
    package var accessKey: String
    package var secretKey: Secret
    /// Of keys that were lent for a while.
    package var sessionToken: Secret?

    package init(accessKey: String, secretKey: Secret, sessionToken: Secret? = nil) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
    }

    /// From `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`; `nil` without the first two.
    package init?(environment: [String: String]) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let accessKey = value("AWS_ACCESS_KEY_ID"), let secretKey = value("AWS_SECRET_ACCESS_KEY") else {
            return nil
        }
        self.init(
            accessKey: accessKey, secretKey: Secret(secretKey),
            sessionToken: value("AWS_SESSION_TOKEN").map(Secret.init))
    }
}
