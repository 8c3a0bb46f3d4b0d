package import CICore

/// One operation of an API: a method, a template of a path and what answers.
///
/// A template's `{name}` stands for one segment, `{name...}` for one or more, at most once. A segment is matched before
/// its escapes are undone, so that an escaped slash stays within it.
package struct Route: Sendable {
    package let method: HTTPRequest.Method
    package let template: String
    private let segments: [Segment]
    private let handler: @Sendable (SimulatedRequest) -> SimulatedAnswer

    package init(
        _ method: HTTPRequest.Method, _ template: String,
        _ handler: @escaping @Sendable (SimulatedRequest) -> SimulatedAnswer
    ) {
        self.method = method
        self.template = template
        self.handler = handler
        segments = template.split(separator: "/").map(Segment.init)
    }

    func answer(to request: SimulatedRequest) -> SimulatedAnswer { handler(request) }

    /// What stands in the places of the template's names; `nil` if the path is another one.
    func parameters(of path: [Substring]) -> [String: String]? {
        let rest = segments.firstIndex { $0.isRest }
        guard let rest else { return path.count == segments.count ? Self.match(segments[...], path[...]) : nil }
        let tail = segments.count - rest - 1
        guard case .rest(let name) = segments[rest], path.count >= segments.count else { return nil }
        guard let head = Self.match(segments[..<rest], path[..<rest]),
            let end = Self.match(segments.suffix(tail), path.suffix(tail))
        else { return nil }
        let middle = path[rest..<(path.count - tail)].map { PercentText.decode($0) }.joined(separator: "/")
        return head.merging(end) { $1 }.merging([name: middle]) { $1 }
    }

    private static func match(_ segments: ArraySlice<Segment>, _ path: ArraySlice<Substring>) -> [String: String]? {
        var parameters: [String: String] = [:]
        for (segment, text) in zip(segments, path) {
            switch segment {
            case .literal(let literal):
                guard literal == PercentText.decode(text) else { return nil }
            case .name(let before, let name, let after):
                let decoded = PercentText.decode(text)
                guard decoded.hasPrefix(before), decoded.hasSuffix(after),
                    decoded.count > before.count + after.count
                else { return nil }
                parameters[name] = String(decoded.dropFirst(before.count).dropLast(after.count))
            case .rest: return nil
            }
        }
        return parameters
    }

    /// One part of a template.
    private enum Segment: Sendable {
        case literal(String)
        /// A name with what stands around it in the same segment, as in `id:{id}`.
        case name(before: String, String, after: String)
        case rest(String)

        init(_ text: Substring) {
            guard let open = text.firstIndex(of: "{"), let close = text.lastIndex(of: "}"), open < close else {
                self = .literal(String(text))
                return
            }
            let name = text[text.index(after: open)..<close]
            if name.hasSuffix("...") {
                self = .rest(String(name.dropLast(3)))
            } else {
                self = .name(
                    before: String(text[..<open]), String(name), after: String(text[text.index(after: close)...]))
            }
        }

        var isRest: Bool {
            if case .rest = self { true } else { false }
        }
    }
}
