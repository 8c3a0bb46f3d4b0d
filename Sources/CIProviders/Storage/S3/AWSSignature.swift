import CICore
import Crypto

import struct FoundationEssentials.Date

/// AWS Signature Version 4 in a header (Amazon S3 API Reference, "Authenticating Requests: Using the Authorization
/// Header").
struct AWSSignature: Sendable {
    let credentials: S3Credentials
    let region: String
    var service = "s3"

    /// What is signed of a request.
    struct Request: Sendable {
        var method: String
        /// Host and port as the `Host` header has them.
        var host: String
        /// Percent-encoded as it is sent.
        var path: String
        /// Not encoded.
        var query: [(name: String, value: String)]
        /// All of them are signed; `Host` is none of them.
        var headers: [(name: String, value: String)]
        /// SHA-256 of the body, in hexadecimal.
        var payload: String
    }

    /// The value of `Authorization` but for the algorithm's name before it. `x-amz-date` must be among the headers.
    func authorization(_ request: Request, at date: Date) -> String {
        let headers = (request.headers + [("host", request.host)])
            .map { (name: $0.name.lowercased(), value: Self.trimmed($0.value)) }.sorted { $0.name < $1.name }
        let names = headers.map(\.name).joined(separator: ";")
        let query = request.query.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
            .sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        let lines = headers.map { "\($0.name):\($0.value)\n" }.joined()
        let canonical = [request.method, request.path, query, lines, names, request.payload].joined(separator: "\n")
        let time = Self.time(date)
        let scope = "\(time.prefix(8))/\(region)/\(service)/aws4_request"
        let digest = Hexadecimal.text(of: SHA256.hash(data: Array(canonical.utf8)))
        let text = "AWS4-HMAC-SHA256\n\(time)\n\(scope)\n\(digest)"
        let signature = Hexadecimal.text(of: Self.hmac(key(day: String(time.prefix(8))), text))
        return "Credential=\(credentials.accessKey)/\(scope),SignedHeaders=\(names),Signature=\(signature)"
    }

    /// `20130524T000000Z`
    static func time(_ date: Date) -> String { Timestamp.text(date).filter { $0 != "-" && $0 != ":" } }

    private func key(day: String) -> [UInt8] {
        [day, region, service, "aws4_request"].reduce(Array("AWS4\(credentials.secretKey.reveal())".utf8)) {
            Self.hmac($0, $1)
        }
    }

    private static func hmac(_ key: [UInt8], _ text: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
    }

    /// Without spaces at the ends, and with one where there are several.
    private static func trimmed(_ value: String) -> String {
        value.split(separator: " ").joined(separator: " ")
    }
}
