package import CICore
import FoundationEssentials

/// Talks to one bucket of an S3-compatible storage, and signs what it says.
package struct S3Client: Sendable {
    package let address: S3Address
    let keys: S3Keys
    let exchange: Exchange
    let files: any FileSystem
    private let lessons: S3Lessons

    package init(
        _ address: S3Address, keys: S3Keys, exchange: Exchange, files: any FileSystem
    ) {
        self.address = address
        self.keys = keys
        self.exchange = exchange
        self.files = files
        lessons = S3Lessons(region: address.region)
    }

    /// One request, before it is signed.
    struct Request: Sendable {
        var method: HTTPRequest.Method
        /// Of the object; `nil` for the bucket.
        var key: String?
        var query: [(name: String, value: String)] = []
        var headers: [(name: String, value: String)] = []
        var body = HTTPBody()
        /// Of the body; `nil` where there is none.
        var digests: BodyDigests?
        /// SHA-256 of a body whose checksum is nobody's object's.
        var payloadDigest: [UInt8]?
        /// Whether a checksum of each part is announced.
        var announcesChecksums = false
        /// Statuses beside 2xx that are no errors to the caller.
        var accepted: Set<Int> = []

        init(_ method: HTTPRequest.Method, _ key: String? = nil) {
            self.method = method
            self.key = key
        }

        /// SHA-256 of the body, in hexadecimal.
        var payload: String { Hexadecimal.text(of: payloadDigest ?? (digests ?? .empty).sha256) }

        /// The headers by which the storage checks the body; MD5 is what every storage knows.
        func checks(_ known: S3Lessons.Known) -> [(name: String, value: String)] {
            guard known.takesChecksums else {
                return digests.map { [("Content-MD5", Base64.encode($0.md5))] } ?? []
            }
            if announcesChecksums { return [("x-amz-checksum-algorithm", "SHA256")] }
            return digests.map { [("x-amz-checksum-sha256", Base64.encode($0.sha256))] } ?? []
        }
    }

    /// Sends it, once more where the storage said in which region the bucket is, or what its clock says.
    @discardableResult
    func send(_ request: Request) async throws(APIError) -> APIAnswer {
        var lessonsLeft = 2
        while true {
            let known = lessons.known
            let (client, call) = try signed(request, known, by: try await keys.credentials())
            let answer = try await client.send(call)
            if (200..<300).contains(answer.status) || request.accepted.contains(answer.status) { return answer }
            guard lessonsLeft > 0, lessons.learn(from: answer, now: exchange.ports.now(), since: known) else {
                throw client.refusal(answer, of: call)
            }
            lessonsLeft -= 1
        }
    }

    /// Sends what is no harm if it is done twice, again where the answer was lost.
    func sendAgain(_ request: Request) async throws(APIError) -> APIAnswer {
        var triesLeft = exchange.manners.tries - 1
        while true {
            do throws(APIError) {
                return try await send(request)
            } catch {
                guard error.mayHaveBeenDone, triesLeft > 0 else { throw error }
                triesLeft -= 1
                try await APIClient(title: address.title, base: "", headers: [], exchange: exchange)
                    .pause(.seconds(2))
            }
        }
    }

    /// Whether the storage keeps SHA-256 checksums, as far as is known.
    var takesChecksums: Bool { lessons.known.takesChecksums }

    private func signed(
        _ request: Request, _ known: S3Lessons.Known, by credentials: S3Credentials
    ) throws(APIError) -> (APIClient, APICall) {
        let base = address.base(region: known.region)
        let path = try path(of: request)
        guard let target = WebAddress(base + path.text) else {
            throw APIError(.refused, address.title, detail: "the endpoint is no web address")
        }
        let date = exchange.ports.now().addingTimeInterval(known.skew)
        var headers = request.headers + request.checks(known)
        headers.append(("x-amz-date", AWSSignature.time(date)))
        headers.append(("x-amz-content-sha256", request.payload))
        let token = credentials.sessionToken
        let authorization = AWSSignature(credentials: credentials, region: known.region).authorization(
            AWSSignature.Request(
                method: request.method.rawValue, host: target.host, path: target.path, query: request.query,
                headers: headers + (token.map { [("x-amz-security-token", $0.reveal())] } ?? []),
                payload: request.payload),
            at: date)
        var call = APICall(request.method, path, query: request.query, body: request.body)
        // Redirects are for us: a request is signed for one region.
        call.accepted = request.accepted.union([301, 302, 307, 308, 400, 403, 501])
        call.headers = headers.map { HTTPHeader($0.name, $0.value) }
        call.headers += token.map { [HTTPHeader("x-amz-security-token", secret: $0)] } ?? []
        call.headers.append(HTTPHeader("Authorization", prefix: "AWS4-HMAC-SHA256 ", secret: Secret(authorization)))
        return (APIClient(title: address.title, base: base, headers: [], exchange: exchange), call)
    }

    /// - Throws: `APIError` for keys that do not come through a URL as they are.
    private func path(of request: Request) throws(APIError) -> APIPath {
        guard let key = request.key else { return address.style == .path ? "" : "/" }
        let steps = key.split(separator: "/", omittingEmptySubsequences: false)
        guard !key.isEmpty, key.utf8.count <= 1024, !steps.contains(where: { $0 == "." || $0 == ".." || $0.isEmpty })
        else {
            throw APIError(.refused, address.title, detail: "\(SafeText.line(key, limit: 80)) is no key of an object")
        }
        return "/\(path: key)"
    }
}
