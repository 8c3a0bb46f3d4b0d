import CICore

/// Where a redirect leads, if it may be followed.
///
/// Reads follow to any host, but never from TLS to none, and leave everything secret behind when the origin changes:
/// storage that a token was not made for must not see it, and often refuses it. A write follows only where its method and
/// body stay (307, 308) and only within its origin.
enum Redirect {
    /// In a row.
    static let limit = 5

    /// The request to make instead; `nil` if the answer is no redirect.
    ///
    /// - Throws: `Refusal` with a sentence why it may not be followed.
    static func next(after request: HTTPRequest, _ response: HTTPResponse) throws(Refusal) -> HTTPRequest? {
        guard [301, 302, 303, 307, 308].contains(response.status) else { return nil }
        guard let location = response[header: "Location"], !location.isEmpty else {
            throw Refusal("it redirects to nowhere")
        }
        guard let from = WebAddress(request.url), let to = from.resolve(location) else {
            throw Refusal("it redirects to something that is no web address")
        }
        let isRead = request.method == .get || request.method == .head
        guard isRead || [307, 308].contains(response.status) else {
            throw Refusal("it redirects a \(request.method.rawValue), which would be lost on the way")
        }
        guard !(from.scheme == "https" && to.scheme == "http") else { throw Refusal("it redirects away from TLS") }
        guard isRead || from.origin == to.origin else {
            throw Refusal("it redirects a \(request.method.rawValue) to another host, \(to.host)")
        }
        var next = request
        next.url = to.url
        if from.origin != to.origin { next.headers.removeAll(where: \.isCredential) }
        return next
    }

    /// Why a redirect is not followed.
    struct Refusal: Error, Hashable {
        let reason: String

        init(_ reason: String) { self.reason = reason }
    }
}

/// An absolute web address in its parts (RFC 3986), as far as redirects need them.
struct WebAddress: Sendable, Hashable {
    /// `http` or `https`.
    let scheme: String
    /// Host and port, lower case, the scheme's own port left out.
    let host: String
    /// From the slash on; a fragment is dropped.
    let path: String

    var origin: String { "\(scheme)://\(host)" }
    var url: String { origin + path }

    /// `nil` for other schemes, credentials and what has no host.
    init?(_ url: String) {
        guard let end = url.firstRange(of: "://") else { return nil }
        scheme = url[..<end.lowerBound].lowercased()
        let defaultPort = ["http": ":80", "https": ":443"][scheme]
        guard let defaultPort else { return nil }
        let rest = url[end.upperBound...].prefix { $0 != "#" }
        let authority = rest.prefix { !"/?\\".contains($0) }.lowercased()
        guard !authority.isEmpty, !authority.contains("@") else { return nil }
        host = authority.hasSuffix(defaultPort) ? String(authority.dropLast(defaultPort.count)) : authority
        let tail = rest.dropFirst(authority.count)
        path = tail.hasPrefix("/") ? String(tail) : "/" + tail
    }

    /// RFC 3986, 5.2, for the forms that servers send: absolute, `//host/…`, `/…`, `?…` and relative to the directory.
    func resolve(_ reference: String) -> WebAddress? {
        let reference = reference.prefix { $0 != "#" }
        let isAbsolute =
            reference.prefix { $0 != ":" && $0 != "/" && $0 != "?" }.count < reference.count
            && reference.drop { $0 != ":" && $0 != "/" && $0 != "?" }.hasPrefix(":")
        if isAbsolute { return WebAddress(String(reference)) }
        if reference.hasPrefix("//") { return WebAddress("\(scheme):\(reference)") }
        if reference.hasPrefix("/") { return WebAddress(origin + reference) }
        let plain = path.prefix { $0 != "?" }
        if reference.isEmpty || reference.hasPrefix("?") { return WebAddress(origin + plain + reference) }
        let directory = plain.lastIndex(of: "/").map { plain[...$0] } ?? "/"
        return WebAddress(origin + directory + reference)
    }
}

extension HTTPHeader {
    /// Whether it opens something: secrets, and the names under which such things travel.
    fileprivate var isCredential: Bool {
        if case .secret = value { return true }
        return ["authorization", "proxy-authorization", "cookie"].contains(name.lowercased())
    }
}
