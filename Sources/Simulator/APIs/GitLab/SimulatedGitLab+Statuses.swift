import CICore

extension SimulatedGitLab {
    var statusRoutes: [Route] {
        [
            Route(.post, "\(Self.project)/statuses/{sha}") { postStatus($0) },
            Route(.get, "\(Self.project)/repository/commits/{sha}/statuses") { listStatuses($0) },
        ]
    }

    private var commits: [String] { [scenario.source.head, scenario.source.merge, scenario.source.base] }

    private func postStatus(_ request: SimulatedRequest) -> SimulatedAnswer {
        guard commits.contains(request["sha"]) else { return .message(404, "404 Commit Not Found") }
        guard let body = request.json, let wanted = body["state"]?.string else {
            return .json(400, ["error": "state is missing"])
        }
        guard ["pending", "running", "success", "failed", "canceled", "skipped"].contains(wanted) else {
            return .json(400, ["error": "state does not have a valid value"])
        }
        for key in ["description", "target_url", "name"] {
            guard (body[key]?.string ?? "").unicodeScalars.count <= 255 else {
                return .json(400, ["message": .object([key: ["is too long (maximum is 255 characters)"]])])
            }
        }
        if let url = body["target_url"]?.string, !url.hasPrefix("http://"), !url.hasPrefix("https://") {
            return .json(
                400, ["message": ["target_url": ["is blocked: Only allowed schemes are http, https"]]])
        }
        return state { state in
            guard let pipeline = state.pipeline(of: request["sha"], id: body["pipeline_id"]?.int) else {
                return .message(404, "404 Pipeline for pipeline_id, sha and ref Not Found")
            }
            switch state.move(body["name"]?.string ?? "default", of: pipeline, to: wanted, body) {
            case .success(let status): return .json(201, entity(status, request))
            case .failure(let refusal): return .message(400, refusal.text)
            }
        }
    }

    private func listStatuses(_ request: SimulatedRequest) -> SimulatedAnswer {
        guard commits.contains(request["sha"]) else { return .message(404, "404 Commit Not Found") }
        let all = request.query["all"] == "true"
        let pipeline = request.query["pipeline_id"].flatMap { Int($0) }
        return state { state in
            let standing = state.statuses.filter { status in
                status.pipeline.commit == request["sha"] && (all || !status.isRetried)
                    && (request.query["name"].map { $0 == status.name } ?? true)
                    && (pipeline.map { $0 == status.pipeline.id } ?? true)
            }
            return request.gitLabPage(standing.map { entity($0, request) })
        }
    }

    private func entity(_ status: GitLabState.Status, _ request: SimulatedRequest) -> JSONValue {
        [
            "id": .int(status.id), "sha": .string(status.pipeline.commit), "ref": .string(scenario.source.branch),
            "status": .string(status.state), "name": .string(status.name), "target_url": .text(status.url),
            "description": .text(status.description), "created_at": .string(request.moment.timestamp),
            "started_at": nil, "finished_at": nil, "allow_failure": false, "coverage": nil,
            "pipeline_id": .int(status.pipeline.id), "author": account,
        ]
    }
}

/// Why a status does not move.
private struct TransitionRefusal: Error {
    let text: String
}

extension GitLabState {
    /// The pipeline that a status goes to; one that names none and finds none gets a pipeline of its own.
    fileprivate mutating func pipeline(of commit: String, id: Int?) -> Pipeline? {
        let found = pipelines.last { $0.commit == commit && (id == nil || $0.id == id) }
        if found != nil || id != nil { return found }
        let twin = Pipeline(id: nextID(), commit: commit, isExternal: true)
        pipelines.append(twin)
        return twin
    }

    /// The state machine of a job: what is live moves on, what is done is done and gets a successor.
    fileprivate mutating func move(
        _ name: String, of pipeline: Pipeline, to wanted: String, _ body: JSONValue
    ) -> Result<Status, TransitionRefusal> {
        let index = statuses.lastIndex { $0.name == name && $0.pipeline == pipeline && $0.isLive }
        if let index {
            let now = statuses[index].state
            if now == wanted || wanted == "pending" {
                let event = wanted == "pending" ? "enqueue" : "run"
                let reason = "Reason(s): Status cannot transition via \"\(event)\""
                return .failure(
                    TransitionRefusal(text: "Cannot transition status via :\(event) from :\(now) (\(reason))"))
            }
            statuses[index].state = wanted
            statuses[index].description = body["description"]?.string ?? statuses[index].description
            statuses[index].url = body["target_url"]?.string ?? statuses[index].url
            return .success(statuses[index])
        }
        for old in statuses.indices where statuses[old].name == name && statuses[old].pipeline == pipeline {
            statuses[old].isRetried = true
        }
        let status = Status(
            id: nextID(), name: name, state: wanted, pipeline: pipeline, description: body["description"]?.string,
            url: body["target_url"]?.string)
        statuses.append(status)
        return .success(status)
    }
}
