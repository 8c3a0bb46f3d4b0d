import CICore

/// A request that says on the wire what it says here: an address of HTTP without credentials, and headers that stay
/// within their line.
struct CheckedRequest: Sendable {
    let request: HTTPRequest
    /// Scheme, host and port, for messages.
    let origin: String
    let isSecure: Bool

    /// - Throws: `HTTPError` with `.badURL`, its message free of the address's path and the headers' values.
    init(_ request: HTTPRequest) throws(HTTPError) {
        let url = request.url
        let scheme = ["https://", "http://"].first { url.prefix($0.count).lowercased() == $0 }
        guard let scheme else { throw Self.refusal("an address must begin with https:// or http://") }
        guard url.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw Self.refusal("an address holds a space, a control character or one that is not ASCII")
        }
        let authority = url.dropFirst(scheme.count).prefix { !"/?#\\".contains($0) }
        guard !authority.isEmpty, !authority.contains("@") else {
            throw Self.refusal("an address must name a host and hold no user or password")
        }
        for header in request.headers { try Self.check(header) }
        for case .file(let path, let offset, let count) in request.body.pieces where offset < 0 || count < 0 {
            throw HTTPError(
                code: .bodyUnreadable, description: "cannot send \(count) bytes of \(path) from byte \(offset) on")
        }
        self.request = request
        origin = scheme + authority
        isSecure = scheme == "https://"
    }

    /// The header lines as libcurl wants them: a semicolon where a value is empty.
    var headerLines: [String] {
        // Servers that never answer "100 Continue" would cost a second with each longer body.
        ["Expect:"]
            + request.headers.map { header in
                let value = header.value.revealed
                return value.allSatisfy { $0 == " " || $0 == "\t" } ? "\(header.name);" : "\(header.name): \(value)"
            }
    }

    private static func check(_ header: HTTPHeader) throws(HTTPError) {
        guard !header.name.isEmpty, header.name.utf8.allSatisfy(isToken) else {
            throw refusal("a header's name holds characters that no name may hold")
        }
        guard header.value.revealed.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
            throw refusal("the value of the header \(header.name) holds a line break or another control character")
        }
        guard !["content-length", "transfer-encoding", "expect"].contains(header.name.lowercased()) else {
            throw refusal("the header \(header.name) follows from the body and is not to be set")
        }
    }

    /// RFC 9110, 5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private static func refusal(_ reason: String) -> HTTPError {
        HTTPError(code: .badURL, description: "the request was not sent: \(reason)")
    }
}

extension HTTPHeader.Value {
    /// As it goes over the wire.
    fileprivate var revealed: String {
        switch self {
        case .text(let text): text
        case .secret(let prefix, let secret): prefix + secret.reveal()
        }
    }
}
