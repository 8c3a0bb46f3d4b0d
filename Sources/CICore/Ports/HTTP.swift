package import SystemPackage

/// One HTTP request, complete in itself.
package struct HTTPRequest: Sendable {
    /// The methods that the APIs use.
    package enum Method: String, Sendable, Hashable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"

        /// Whether doing it twice comes to the same as doing it once (RFC 9110, 9.2.2).
        package var isIdempotent: Bool { self != .post && self != .patch }
    }

    package var method: Method
    /// Absolute, `http` or `https`, and never with a token in it.
    package var url: String
    package var headers: [HTTPHeader]
    package var body: HTTPBody
    /// From the start of the connection to the last byte of the answer.
    package var timeout: Duration
    /// Bytes of the answer's body that are kept; the rest is not even fetched.
    package var answerLimit: Int
    /// The URL of an HTTP proxy that this request goes through whatever the environment says; `nil` leaves it to that.
    package var proxy: String?

    package init(
        _ method: Method, _ url: String, headers: [HTTPHeader] = [], body: HTTPBody = HTTPBody(),
        timeout: Duration = .seconds(10), answerLimit: Int = 8 << 20, proxy: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.answerLimit = answerLimit
        self.proxy = proxy
    }
}

/// A header line; its value may be a secret, which then shows nowhere.
package struct HTTPHeader: Sendable, Hashable, CustomStringConvertible {
    /// A header's value.
    package enum Value: Sendable, Hashable {
        case text(String)
        /// What stands before the secret, such as `Bearer `, and the secret.
        case secret(prefix: String, Secret)
    }

    package var name: String
    package var value: Value

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = .text(value)
    }

    package init(_ name: String, prefix: String = "", secret: Secret) {
        self.name = name
        value = .secret(prefix: prefix, secret)
    }

    /// As it may be shown: the secret masked.
    package var description: String {
        switch value {
        case .text(let text): "\(name): \(text)"
        case .secret(let prefix, let secret): "\(name): \(prefix)\(secret)"
        }
    }
}

/// A request's body: pieces of memory and of files, sent one after the other without being joined in memory.
package struct HTTPBody: Sendable, Hashable {
    /// One piece.
    package enum Piece: Sendable, Hashable {
        case bytes([UInt8])
        /// `count` bytes of a file from `offset` on.
        case file(FilePath, offset: Int64, count: Int64)
    }

    package var pieces: [Piece]

    package init(_ pieces: [Piece] = []) { self.pieces = pieces }

    package init(_ bytes: [UInt8]) { pieces = [.bytes(bytes)] }

    /// In bytes.
    package var count: Int64 {
        pieces.reduce(0) { sum, piece in
            switch piece {
            case .bytes(let bytes): sum + Int64(bytes.count)
            case .file(_, _, let count): sum + count
            }
        }
    }
}

/// What came back; every status is an answer, none is an error.
package struct HTTPResponse: Sendable, Hashable {
    package var status: Int
    /// In the order in which they came.
    package var headers: [HTTPHeader]
    package var body: [UInt8]
    /// Whether the body was longer than the request's limit.
    package var isTruncated: Bool
    /// Of HTTP, as the status line says it, such as `1.1` or `2`; `nil` where nobody says.
    package var version: String?

    package init(
        status: Int, headers: [HTTPHeader] = [], body: [UInt8] = [], isTruncated: Bool = false, version: String? = nil
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.isTruncated = isTruncated
        self.version = version
    }

    /// The first header of that name in any case of letters.
    package subscript(header name: String) -> String? {
        let name = name.lowercased()
        return headers.lazy.compactMap { header in
            guard header.name.lowercased() == name, case .text(let text) = header.value else { return nil }
            return text
        }.first
    }
}

/// Why no answer came.
package struct HTTPError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    package enum Code: Sendable, Hashable {
        /// libcurl is not on this machine.
        case libraryMissing
        case badURL
        case notResolved
        case notConnected
        case tls
        case timedOut
        /// The connection ended before the answer did.
        case broken
        case cancelled
        /// A file of the body could not be read.
        case bodyUnreadable
    }

    package var code: Code
    /// Whether the server may have done what was asked although its answer is missing.
    package var mayHaveBeenDone: Bool
    package var description: String

    package init(code: Code, mayHaveBeenDone: Bool = false, description: String) {
        self.code = code
        self.mayHaveBeenDone = mayHaveBeenDone
        self.description = description
    }
}

/// The way to HTTP servers.
package protocol HTTPPort: Sendable {
    /// Sends one request and waits for its answer. Redirects are answers like all others; cancelling the task ends the
    /// exchange.
    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
}
