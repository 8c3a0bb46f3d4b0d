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
    /// Follows the pages until the last one, `limit` elements, or a page that came before.
    func elements(of call: APICall, by client: APIClient, limit: Int) async throws(APIError) -> [JSONValue] {
        var elements: [JSONValue] = []
        var seen: Set<String> = []
        var next: String? = client.url(of: call)
        while let url = next, elements.count < limit, seen.insert(url).inserted {
            let answer = try await client.answer(to: call, url: url)
            let document = try answer.json()
            let page = items(in: document)
            elements += page
            next = self.next(after: url, of: answer, document, count: page.count, call, client)
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

    /// The next page's URL; one that leads away from the API's base is none.
    private func next(
        after url: String, of answer: APIAnswer, _ document: JSONValue, count: Int, _ call: APICall, _ client: APIClient
    ) -> String? {
        switch self {
        case .linkHeader, .linkHeaderWithin:
            return answer.response[header: "Link"].flatMap(LinkHeader.next).flatMap(client.within)
        case .pageHeader(let name, let query):
            return answer.response[header: name].flatMap { $0.isEmpty ? nil : client.url(of: call, query, $0) }
        case .bodyURL(let keys, _):
            var value: JSONValue? = document
            for key in keys { value = value?[key] }
            return value?.string.flatMap(client.within)
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

    /// An absolute URL below the API's base, or a path: below the base's own path already, or meant from there.
    fileprivate func within(_ url: String) -> String? {
        if url.hasPrefix(base + "/") { return url }
        guard url.hasPrefix("/"), !url.hasPrefix("//") else { return nil }
        let scheme = base.firstRange(of: "://")?.upperBound ?? base.startIndex
        let path = base[scheme...].firstIndex(of: "/") ?? base.endIndex
        return url.hasPrefix(base[path...] + "/") ? base[..<path] + url : base + url
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
