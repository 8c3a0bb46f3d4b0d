import CICore

/// How an API hands out long lists.
package enum Pagination: Sendable {
    /// `Link: <…>; rel="next"`: GitHub, Gitea.
    case linkHeader
    /// The same with the elements as a member of an object: GitHub's check runs.
    case linkHeaderWithin(elements: String)
    /// The next page's number in a header, empty at the end: GitLab's `X-Next-Page`.
    case pageHeader(String, query: String)
    /// The next page's URL in the body: Bitbucket's `next`, TeamCity's `nextHref`, Travis CI's `@pagination.next.@href`.
    case bodyURL(next: [String], elements: String)
    /// A token in the body that goes into the next query: CircleCI.
    case bodyToken(next: String, query: String, elements: String)
    /// A token in a header that goes into the next query: Azure DevOps.
    case headerToken(String, query: String, elements: String)
    /// `$top` and `$skip` until a page is not full: Azure DevOps' older lists.
    case skip(top: Int, elements: String)
}

extension Pagination {
    /// Pages of one list; more are no list but a fault.
    private static let pageLimit = 1000

    /// Follows the pages until the last one, `limit` elements, or a page that came before.
    func elements(of call: APICall, by client: APIClient, limit: Int) async throws(APIError) -> [JSONValue] {
        var elements: [JSONValue] = []
        var seen: Set<String> = []
        var next: String? = client.url(of: call)
        while let url = next, elements.count < limit, seen.count < Self.pageLimit, seen.insert(url).inserted {
            let answer = try await client.answer(to: call, url: url)
            let document = try answer.json()
            let page = items(in: document)
            elements += page
            next = try self.next(after: url, of: answer, document, count: page.count, call, client)
        }
        return Array(elements.prefix(limit))
    }

    private func items(in document: JSONValue) -> [JSONValue] {
        switch self {
        case .linkHeader, .pageHeader: document.array
        case .linkHeaderWithin(let key), .bodyURL(_, let key), .bodyToken(_, _, let key), .headerToken(_, _, let key),
            .skip(_, let key):
            document[key]?.array ?? []
        }
    }

    /// The next page's URL, always of this API; `nil` at the end.
    private func next(
        after url: String, of answer: APIAnswer, _ document: JSONValue, count: Int, _ call: APICall, _ client: APIClient
    ) throws(APIError) -> String? {
        switch self {
        case .linkHeader, .linkHeaderWithin:
            return try client.page(answer.response[header: "Link"].flatMap(LinkHeader.next), of: call, answer)
        case .pageHeader(let name, let query):
            return answer.response[header: name].flatMap { $0.isEmpty ? nil : client.url(of: call, query, $0) }
        case .bodyURL(let keys, _):
            var value: JSONValue? = document
            for key in keys { value = value?[key] }
            return try client.page(value?.string, of: call, answer)
        case .bodyToken(let key, let query, _):
            return document[key]?.string.flatMap { $0.isEmpty ? nil : client.url(of: call, query, $0) }
        case .headerToken(let name, let query, _):
            return answer.response[header: name].flatMap { $0.isEmpty ? nil : client.url(of: call, query, $0) }
        case .skip(let top, _):
            guard count >= top else { return nil }
            let skipped = url.firstRange(of: "%24skip=").flatMap { Int(url[$0.upperBound...].prefix { $0.isNumber }) }
            return client.url(of: call, "$skip", String((skipped ?? 0) + count))
        }
    }
}

extension APIClient {
    /// The call's URL with one more member of its query.
    fileprivate func url(of call: APICall, _ name: String, _ value: String) -> String {
        var call = call
        call.query.removeAll { $0.name == name }
        call.query.append((name, value))
        return url(of: call)
    }

    /// A page's URL at the API's own base. One that is elsewhere, as an API behind a proxy writes them, lends its query to
    /// the list's own path: tokens go nowhere else, and no page is left out.
    fileprivate func page(_ url: String?, of call: APICall, _ answer: APIAnswer) throws(APIError) -> String? {
        guard let url, !url.isEmpty else { return nil }
        if url.hasPrefix(base + "/") { return url }
        if url.hasPrefix("/"), !url.hasPrefix("//") { return at(path: url) }
        guard let query = url.firstIndex(of: "?") else {
            throw APIError(
                .malformed, answer.what, status: answer.status,
                detail: "the next page of the list is no page of this API",
                response: answer.response)
        }
        return base + call.path.text + url[query...]
    }

    /// A path below the base's own path already, or meant from there.
    private func at(path: String) -> String {
        let scheme = base.firstRange(of: "://")?.upperBound ?? base.startIndex
        let start = base[scheme...].firstIndex(of: "/") ?? base.endIndex
        return path.hasPrefix(base[start...] + "/") ? base[..<start] + path : base + path
    }
}

/// RFC 8288.
enum LinkHeader {
    /// The target whose relation is `next`.
    static func next(_ header: String) -> String? {
        for link in header.split(separator: ",") {
            guard let open = link.firstIndex(of: "<"), let close = link.firstIndex(of: ">"), open < close else {
                continue
            }
            let parameters = link[link.index(after: close)...].replacing(" ", with: "")
            if parameters.contains("rel=\"next\"") || parameters.contains("rel=next") {
                return String(link[link.index(after: open)..<close])
            }
        }
        return nil
    }
}
