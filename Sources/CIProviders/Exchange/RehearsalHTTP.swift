package import CICore

/// Sends nothing: shows every request as it would go out, tokens masked, and answers as an empty API would.
///
/// A list is empty and whatever is created has the number 0, so that a client takes the same path as on its first run.
package struct RehearsalHTTP: HTTPPort {
    private let show: @Sendable (String) -> Void

    package init(show: @escaping @Sendable (String) -> Void) { self.show = show }

    package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let json = [HTTPHeader("Content-Type", "application/json")]
        guard request.method != .get, request.method != .head else {
            return HTTPResponse(status: 200, headers: json, body: Array("[]".utf8))
        }
        show(Self.text(of: request))
        return HTTPResponse(status: 200, headers: json, body: Array(#"{"id":0}"#.utf8))
    }

    /// The request as HTTP/1.1 writes it, its body bounded and safe to show.
    static func text(of request: HTTPRequest) -> String {
        var lines = ["\(request.method.rawValue) \(URLText.withoutCredentials(request.url))"]
        lines += request.headers.map { SafeText.line($0.description, limit: 300) }
        let pieces = request.body.pieces.map { piece in
            switch piece {
            case .bytes(let bytes): SafeText.block(String(decoding: bytes, as: UTF8.self), limit: 64 << 10)
            case .file(let path, _, let count): "(\(count) bytes of \(path))"
            }
        }
        if !pieces.isEmpty { lines += ["", pieces.joined()] }
        return lines.joined(separator: "\n") + "\n"
    }
}
