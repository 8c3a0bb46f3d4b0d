import CICore

/// The API's own words within an error's answer, whatever their shape.
enum ErrorWords {
    /// One text; empty if there is none.
    static func find(in response: HTTPResponse) -> String {
        let body = response.body.prefix(64 << 10)
        guard !body.isEmpty else { return "" }
        if !response.isTruncated, let document = JSONValue(body: response.body) {
            return unique(words(of: document)).joined(separator: "; ")
        }
        let text = String(decoding: body, as: UTF8.self)
        if let words = StorageError.words(in: text) { return words }
        if WebPage.isOne(response) { return WebPage.title(of: text) ?? "" }
        return isText(response) ? text : ""
    }

    /// GitHub `{message, errors: [{message | code, field}]}` · GitLab `{message | error: text | list | {field: [text]}}` ·
    /// Bitbucket `{error: {message, detail, fields: {field: [text]}}}` · Azure and CircleCI `{message}` ·
    /// TeamCity `{errors: [{message}]}` · Travis CI `{error_message}` · Twirp `{code, msg}`.
    private static func words(of value: JSONValue) -> [String] {
        switch value {
        case .string(let text): [text]
        case .array(let elements): elements.prefix(10).flatMap(words)
        case .object(let members): words(ofObject: members)
        case .null, .bool, .number: []
        }
    }

    private static func words(ofObject members: [String: JSONValue]) -> [String] {
        let known = ["message", "msg", "error_message", "error_description", "error", "detail", "errors", "fields"]
        let found = known.flatMap { members[$0].map(words) ?? [] }
        if !found.isEmpty { return found }
        if let code = members["code"]?.string {
            // GitHub's errors without a message: {"resource": "Label", "field": "name", "code": "already_exists"}
            return [["resource", "field"].compactMap { members[$0]?.string }.joined(separator: ".") + " " + code]
        }
        // GitLab's messages by field: {"name": ["is too long"]}
        return members.sorted { $0.key < $1.key }.prefix(10).flatMap { name, value in
            value.array.compactMap(\.string).map { "\(name) \($0)" }
        }
    }

    private static func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { !$0.isEmpty && seen.insert($0).inserted }
    }

    private static func isText(_ response: HTTPResponse) -> Bool {
        response[header: "Content-Type"]?.lowercased().hasPrefix("text/plain") ?? false
    }
}

/// An answer for people where one for programs was wanted: a sign-in page, a proxy's.
enum WebPage {
    /// By its type, or by how it begins.
    static func isOne(_ response: HTTPResponse) -> Bool {
        if response[header: "Content-Type"]?.lowercased().hasPrefix("text/html") ?? false { return true }
        let start = String(decoding: response.body.prefix(200), as: UTF8.self).lowercased()
            .drop { $0.isWhitespace || $0 == "\u{feff}" }
        return start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
    }

    /// What its title says: Jenkins writes `Error 403 No valid crumb was included in the request`.
    static func title(of page: String) -> String? {
        let lowered = page.lowercased()
        // Lower case may change the length of what is not ASCII; then there is no telling where the title is.
        guard lowered.utf8.count == page.utf8.count, let open = lowered.firstRange(of: "<title>"),
            let close = lowered[open.upperBound...].firstRange(of: "</title>")
        else { return nil }
        let bytes = Array(page.utf8)
        let start = lowered.utf8.distance(from: lowered.startIndex, to: open.upperBound)
        let end = lowered.utf8.distance(from: lowered.startIndex, to: close.lowerBound)
        let title = String(decoding: bytes[start..<end], as: UTF8.self)
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return title.isEmpty ? nil : title
    }
}

extension JSONValue {
    /// A body as JSON; a byte order mark before it is forgiven.
    init?(body: [UInt8]) {
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        let value = body.withUnsafeBufferPointer { bytes in
            JSONValue(bytes.starts(with: mark) ? UnsafeBufferPointer(rebasing: bytes.dropFirst(3)) : bytes)
        }
        guard let value else { return nil }
        self = value
    }
}
