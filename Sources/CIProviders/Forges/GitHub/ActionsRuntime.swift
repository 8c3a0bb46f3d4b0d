import CICore

/// The door to GitHub Actions' artifact service, which only steps that are actions get by themselves.
struct ActionsRuntime: Sendable {
    let client: APIClient
    /// By these the service names the workflow run and the job.
    let runBackendID: String
    let jobBackendID: String

    /// Reads `ACTIONS_RESULTS_URL` and `ACTIONS_RUNTIME_TOKEN`.
    static func open(_ access: APIAccess, advice: String) -> Access<ActionsRuntime> {
        guard let token = access.token([TokenSource("ACTIONS_RUNTIME_TOKEN", .bearer)]),
            let value = access["ACTIONS_RUNTIME_TOKEN"], let url = access["ACTIONS_RESULTS_URL"]
        else {
            return .closed(Obstacle("ACTIONS_RUNTIME_TOKEN and ACTIONS_RESULTS_URL are not set", advice: advice))
        }
        guard let scope = resultsScope(ofToken: value) else {
            return .closed(Obstacle("ACTIONS_RUNTIME_TOKEN opens no artifact service", advice: advice))
        }
        let client = APIClient(
            title: "GitHub Actions' artifacts", base: origin(of: url), headers: [token.header],
            exchange: access.exchange)
        return .open(ActionsRuntime(client: client, runBackendID: scope.run, jobBackendID: scope.job))
    }

    /// The token's claim `scp` holds words, one of which is `Actions.Results:<run>:<job>`.
    private static func resultsScope(ofToken token: String) -> (run: String, job: String)? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = Base64.decode(String(parts[1])),
            let claims = payload.withUnsafeBufferPointer({ JSONValue($0) }), let scopes = claims["scp"]?.string
        else { return nil }
        for scope in scopes.split(separator: " ") {
            let fields = scope.split(separator: ":").map(String.init)
            if fields.count == 3, fields[0] == "Actions.Results" { return (fields[1], fields[2]) }
        }
        return nil
    }

    /// Scheme and authority: what follows in the variable differs between versions of the runner.
    private static func origin(of url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        return String(url[..<(url[scheme.upperBound...].firstIndex(of: "/") ?? url.endIndex)])
    }

    /// A call of the artifact service with the backend ids, the job's own unless another's is given, and more members.
    func call(_ method: StaticString, job: String? = nil, _ write: (inout JSONWriter) -> Void) -> APICall {
        APICall(.post, "/twirp/github.actions.results.api.v1.ArtifactService/\(method.description)").json { json in
            json.key("workflow_run_backend_id")
            json.value(runBackendID)
            json.key("workflow_job_run_backend_id")
            json.value(job ?? jobBackendID)
            write(&json)
        }
    }
}
