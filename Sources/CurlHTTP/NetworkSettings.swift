import CICore

/// What the environment says about the way out: proxies and trusted certificates.
///
/// libcurl would read the proxies from the process's own environment; here they come from the given one, with the same
/// names and order: the lower-case name first, and of `http_proxy` no other, since a CGI client sets `HTTP_PROXY`.
struct NetworkSettings: Sendable {
    /// For `https:` addresses.
    let secureProxy: ProxyAddress?
    /// For `http:` addresses.
    let plainProxy: ProxyAddress?
    /// Hosts that are reached without a proxy, as libcurl reads such lists.
    let noProxy: String
    /// A file of certificates that takes the place of the system's.
    let certificateFile: String?
    /// A directory of certificates by hash.
    let certificateDirectory: String?
    /// What `User-Agent` says.
    let agent: String

    /// Variables that name a proxy of their own for each scheme, best first.
    static let secureProxyVariables = ["https_proxy", "HTTPS_PROXY"]
    static let plainProxyVariables = ["http_proxy"]
    /// Variables that name a proxy for everything.
    static let proxyVariables = ["all_proxy", "ALL_PROXY"]
    static let noProxyVariables = ["no_proxy", "NO_PROXY"]
    static let certificateVariables = ["SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"]

    /// Reads the environment; `isDirectory` tells whether a path that stands there is a directory.
    init(environment: [String: String], agent: String, isDirectory: (String) -> Bool) {
        func first(_ names: [String]) -> String? { Self.variable(names, in: environment).flatMap { environment[$0] } }
        secureProxy = first(Self.secureProxyVariables + Self.proxyVariables).map(ProxyAddress.init)
        plainProxy = first(Self.plainProxyVariables + Self.proxyVariables).map(ProxyAddress.init)
        noProxy = first(Self.noProxyVariables) ?? ""
        let bundle = first(Self.certificateVariables)
        let bundleIsDirectory = bundle.map(isDirectory) ?? false
        certificateFile = bundleIsDirectory ? nil : bundle
        certificateDirectory = first(["SSL_CERT_DIR"]) ?? (bundleIsDirectory ? bundle : nil)
        self.agent = agent
    }

    /// The first of these variables that is set and not empty.
    static func variable(_ names: [String], in environment: [String: String]) -> String? {
        names.first { environment[$0]?.isEmpty == false }
    }
}

/// A proxy, its password apart from its address, so that no message can hold it.
struct ProxyAddress: Sendable, Hashable {
    /// Such as `http://proxy.local:3128`; without a scheme it is an HTTP proxy.
    let address: String
    /// Percent-decoded.
    let user: String?
    let password: Secret?

    init(_ text: String) {
        let start = text.firstRange(of: "://")?.upperBound ?? text.startIndex
        // The last one: what stands before it is never shown, even if it is no proper address.
        guard let at = text[start...].lastIndex(of: "@") else {
            address = text
            user = nil
            password = nil
            return
        }
        address = String(text[..<start] + text[text.index(after: at)...])
        let parts = text[start..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        user = Self.decode(parts[0])
        password = parts.count > 1 ? Secret(Self.decode(parts[1])) : nil
    }

    private static func decode(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let decoded = UInt8(digits, radix: 16) {
                bytes.append(decoded)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
