import CICore

/// One build of Jenkins, and the way to POST to it.
struct JenkinsBuild: Sendable {
    let client: APIClient
    /// Passwords need a crumb with every POST, API tokens don't.
    let needsCrumb: Bool
    /// Encoded: `/job/folder/job/name`.
    let job: String
    let number: String
    /// The job's page.
    let page: String

    /// A path of this build, or of another of the same job.
    func path(_ rest: String, ofBuild number: String? = nil) -> APIPath {
        APIPath(stringLiteral: "\(job)/\(PercentEncoding.encode(number ?? self.number))\(rest)")
    }

    /// Posts a form. A redirect is the answer to a form that was taken; one to the login page is the answer to a stranger.
    @discardableResult
    func post(
        _ path: APIPath, form: [(name: String, value: String)] = [], isRepeatable: Bool
    ) async throws(APIError) -> APIAnswer {
        let text = form.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
            .joined(separator: "&")
        var call = APICall(
            .post, path, headers: [HTTPHeader("Content-Type", "application/x-www-form-urlencoded")],
            body: HTTPBody(Array(text.utf8)), accepting: [302, 303])
        let plainHeaders = call.headers
        if needsCrumb { call.headers += try await crumb() }
        do {
            return try await send(call, isRepeatable: isRepeatable)
        } catch {
            // A proxy in front may have asked for the crumb's session although an API token needs none.
            guard error.code == .forbidden, call.headers.count == plainHeaders.count else { throw error }
            let crumb = try await crumb()
            guard !crumb.isEmpty else { throw error }
            call.headers += crumb
            return try await send(call, isRepeatable: isRepeatable)
        }
    }

    private func send(_ call: APICall, isRepeatable: Bool) async throws(APIError) -> APIAnswer {
        let answer =
            isRepeatable ? try await client.create(call, read: { $0 }, unless: { nil }) : try await client.send(call)
        let target = answer.response[header: "Location"] ?? ""
        guard (300..<400).contains(answer.status), target.contains("/login") || target.contains("/securityRealm/")
        else { return answer }
        throw APIError(
            .unauthorized, answer.what, status: answer.status, detail: "sent to the login page: the token is wrong")
    }

    /// The headers with which a session's POST proves itself; none where the server wants none.
    private func crumb() async throws(APIError) -> [HTTPHeader] {
        let answer = try await client.send(APICall(.get, "/crumbIssuer/api/json", accepting: [404]))
        guard answer.status != 404 else { return [] }
        let document = try answer.json()
        guard let crumb = document["crumb"]?.string, let field = document["crumbRequestField"]?.string else {
            throw answer.malformed("it holds no crumb")
        }
        let cookies = answer.response.headers.compactMap { header -> Substring? in
            guard header.name.lowercased() == "set-cookie", case .text(let text) = header.value else { return nil }
            return text.prefix { $0 != ";" }
        }
        var headers = [HTTPHeader(field, secret: Secret(crumb))]
        if !cookies.isEmpty {
            headers.append(HTTPHeader("Cookie", secret: Secret(cookies.joined(separator: "; "))))
        }
        return headers
    }
}

/// The build's description, on its page and in the list of builds.
struct JenkinsBuildBoard: BuildBoard {
    let build: JenkinsBuild

    func describe(_ text: String) async throws(APIError) {
        let form = [("description", SummaryText.line(text, scalars: 1_000)), ("Submit", "Save")]
        try await build.post(build.path("/submitDescription"), form: form, isRepeatable: true)
    }
}
