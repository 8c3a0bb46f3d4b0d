import CICore
import Crypto

extension SimulatedAPI {
    /// GitHub Actions' artifact service, which stands at the root of its host, and the storage behind it, which is
    /// reached by another host's name: `ACTIONS_RESULTS_URL` is the simulation's own address.
    package static func gitHubArtifacts(_ scenario: Scenario) -> [SimulatedAPI] {
        let artifacts = SimulatedArtifacts(scenario)
        return [
            SimulatedAPI(
                id: "twirp", routes: artifacts.serviceRoutes, authorize: artifacts.authorize,
                refuse: SimulatedArtifacts.refuse, exhibit: artifacts.exhibit),
            SimulatedAPI(
                id: "artifact-storage",
                routes: [Route(.put, "/{id}", artifacts.store), Route(.get, "/{id}", artifacts.fetch)],
                authorize: artifacts.authorizeStorage, refuse: SimulatedArtifacts.refuseStorage, exhibit: { Exhibit() }),
        ]
    }
}

extension Scenario {
    /// What `ACTIONS_RUNTIME_TOKEN` holds: a token whose claim `scp` names run and job.
    package var actionsRuntimeToken: String {
        let claims = "{\"scp\":\"Actions.GenericRead:00000000 Actions.Results:run-\(build.runID):job-\(build.jobID)\"}"
        return [#"{"alg":"RS256","typ":"JWT"}"#, claims, tokens.job].map(URLBase64.encode).joined(separator: ".")
    }
}

/// Artifacts of one workflow run.
struct SimulatedArtifacts: Sendable {
    private struct State: Sendable {
        var lastID = 5_000
        var artifacts: [Artifact] = []
    }

    private struct Artifact: Sendable {
        let id: Int
        let name: String
        var blocks: [String: [UInt8]] = [:]
        /// `nil` until the list of blocks has come.
        var content: [UInt8]?
        var isFinal = false
    }

    private let scenario: Scenario
    private let state = SimulatedState(State())

    init(_ scenario: Scenario) { self.scenario = scenario }

    @Sendable func exhibit() -> Exhibit {
        state { state in
            Exhibit(
                files: state.artifacts.filter(\.isFinal).map {
                    ShownFile(
                        shelf: "Artifact", path: $0.name, size: Int64($0.content?.count ?? 0),
                        mediaType: "application/zip")
                })
        }
    }

    @Sendable func authorize(_ request: SimulatedRequest) -> SimulatedAnswer? {
        guard request.headers[header: "Authorization"] == "Bearer \(scenario.actionsRuntimeToken)" else {
            return Self.error(401, "unauthenticated", "token is not valid")
        }
        let isOurs =
            request.json?["workflow_run_backend_id"]?.string == "run-\(scenario.build.runID)"
            && request.json?["workflow_job_run_backend_id"]?.string == "job-\(scenario.build.jobID)"
        return isOurs ? nil : Self.error(403, "permission_denied", "backend ids are not those of the token")
    }

    /// An error as Twirp words it.
    private static func error(_ status: Int, _ code: String, _ message: String) -> SimulatedAnswer {
        .json(status, ["code": .string(code), "msg": .string(message)])
    }

    @Sendable fileprivate static func refuse(_ why: Refusal, _ request: SimulatedRequest) -> SimulatedAnswer {
        switch why {
        case .notFound, .methodNotAllowed: error(404, "bad_route", "no handler for path \(request.target.path)")
        case .readOnly: error(403, "permission_denied", "the token may not write artifacts")
        case .rateLimited, .secondaryLimited, .tooLarge, .unavailable: why.answer
        }
    }

    var serviceRoutes: [Route] {
        let service = "/github.actions.results.api.v1.ArtifactService"
        return [
            Route(.post, "\(service)/CreateArtifact", create),
            Route(.post, "\(service)/FinalizeArtifact", finalize),
            Route(.post, "\(service)/ListArtifacts") { request in
                let filter = request.json?["name_filter"]?.string
                let found = state { $0.artifacts.filter { $0.isFinal && (filter == nil || $0.name == filter) } }
                return .json(
                    200,
                    [
                        "artifacts": .array(
                            found.map {
                                [
                                    "name": .string($0.name), "database_id": .string(String($0.id)),
                                    "workflow_job_run_backend_id": .string("job-\(scenario.build.jobID)"),
                                ]
                            })
                    ])
            },
            Route(.post, "\(service)/GetSignedArtifactURL") { request in
                state { state in
                    let name = request.json?["name"]?.string
                    guard let artifact = state.artifacts.first(where: { $0.name == name && $0.isFinal }) else {
                        return Self.error(404, "not_found", "artifact not found")
                    }
                    return .json(200, ["signed_url": .string(Self.signedURL(artifact.id, request))])
                }
            },
            Route(.post, "\(service)/DeleteArtifact") { request in
                state { state in
                    let name = request.json?["name"]?.string
                    guard let index = state.artifacts.firstIndex(where: { $0.name == name }) else {
                        return Self.error(404, "not_found", "artifact not found")
                    }
                    let artifact = state.artifacts.remove(at: index)
                    return .json(200, ["ok": true, "artifact_id": .string(String(artifact.id))])
                }
            },
        ]
    }

    @Sendable private func create(_ request: SimulatedRequest) -> SimulatedAnswer {
        guard let name = request.json?["name"]?.string, !name.isEmpty,
            !name.contains(where: "\":<>|*?\r\n\\/".contains),
            let version = request.json?["version"]?.int, version >= 4
        else { return Self.error(400, "invalid_argument", "the artifact name is not valid") }
        return state { state in
            guard !state.artifacts.contains(where: { $0.name == name }) else {
                let message = "an artifact with this name already exists on the workflow run"
                return Self.error(409, "already_exists", message)
            }
            state.lastID += 1
            state.artifacts.append(Artifact(id: state.lastID, name: name))
            return .json(
                200, ["ok": true, "signed_upload_url": .string(Self.signedURL(state.lastID, request))])
        }
    }

    /// The signature holds characters whose escapes must arrive as they were sent.
    private static func signedURL(_ id: Int, _ request: SimulatedRequest) -> String {
        let port = request.moment.base.split(separator: "/").dropFirst().first?.split(separator: ":").last ?? ""
        return "http://localhost:\(port)/artifact-storage/\(id)?sv=2021&sig=a%2Bb%2F%3D\(id)"
    }

    @Sendable private func finalize(_ request: SimulatedRequest) -> SimulatedAnswer {
        let name = request.json?["name"]?.string
        return state { state in
            guard let index = state.artifacts.firstIndex(where: { $0.name == name && !$0.isFinal }),
                let content = state.artifacts[index].content
            else { return Self.error(404, "not_found", "no uploaded artifact of this name") }
            let digest = SHA256.hash(data: content).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            guard request.json?["size"]?.string == String(content.count),
                request.json?["hash"]?.string == "sha256:\(digest)"
            else { return Self.error(400, "invalid_argument", "size or hash differ from what was uploaded") }
            state.artifacts[index].isFinal = true
            return .json(200, ["ok": true, "artifact_id": .string(String(state.artifacts[index].id))])
        }
    }
}

extension SimulatedArtifacts {
    /// The storage takes its own signature and nobody's token.
    @Sendable func authorizeStorage(_ request: SimulatedRequest) -> SimulatedAnswer? {
        let isSigned = request.query["sig"] == "a+b/=\(request["id"])"
        return isSigned && request.headers[header: "Authorization"] == nil
            ? nil : Self.storageError(403, "AuthenticationFailed", "Server failed to authenticate the request.")
    }

    @Sendable fileprivate static func refuseStorage(
        _ why: Refusal, _ request: SimulatedRequest
    ) -> SimulatedAnswer {
        switch why {
        case .notFound: storageError(404, "ResourceNotFound")
        case .methodNotAllowed: storageError(405, "UnsupportedHttpVerb")
        case .readOnly:
            storageError(
                403, "AuthorizationPermissionMismatch",
                "This request is not authorized to perform this operation using this permission.")
        case .tooLarge: storageError(413, "RequestBodyTooLarge")
        case .rateLimited, .secondaryLimited, .unavailable: storageError(503, "ServerBusy")
        }
    }

    /// An error as Azure's storage words it, byte order mark and all.
    private static func storageError(_ status: Int, _ code: String, _ message: String = "") -> SimulatedAnswer {
        let words = message.isEmpty ? "" : "<Message>\(message)\nRequestId:1\nTime:2</Message>"
        let page = "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>\(code)</Code>\(words)</Error>"
        return .bytes(status, Array(page.utf8), type: "application/xml")
    }

    /// Get Blob, ranges included.
    @Sendable func fetch(_ request: SimulatedRequest) -> SimulatedAnswer {
        state { state in
            guard let content = state.artifacts.first(where: { $0.id == request.number("id") })?.content else {
                return Self.storageError(404, "BlobNotFound")
            }
            return .ranged(content, of: request)
        }
    }

    /// Put Block and Put Block List of Azure's blob storage.
    @Sendable func store(_ request: SimulatedRequest) -> SimulatedAnswer {
        state { state in
            guard let index = state.artifacts.firstIndex(where: { $0.id == request.number("id") }) else {
                return Self.storageError(404, "ContainerNotFound")
            }
            switch request.query["comp"] {
            case "block":
                guard let id = request.query["blockid"], !request.body.isCut else {
                    return Self.storageError(400, "InvalidQueryParameterValue")
                }
                state.artifacts[index].blocks[id] = request.body.bytes
            case "blocklist":
                let ids = request.text.split(separator: "<Latest>").dropFirst().map { $0.prefix { $0 != "<" } }
                let blocks = ids.map { state.artifacts[index].blocks[String($0)] }
                guard !blocks.contains(nil) else { return Self.storageError(400, "InvalidBlockList") }
                state.artifacts[index].content = blocks.flatMap { $0 ?? [] }
            default: return Self.storageError(400, "InvalidQueryParameterValue")
            }
            return .empty(201)
        }
    }
}
