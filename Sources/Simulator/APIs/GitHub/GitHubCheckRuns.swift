import CICore

/// A check run with what was added to it.
struct GitHubCheckRun: Sendable {
    let id: Int
    let commit: String
    /// The members that the requests set: `name`, `status`, `conclusion`, `external_id`, `details_url`.
    var members: [String: JSONValue]
    var output: [String: JSONValue] = [:]
    var annotations: [JSONValue] = []

    subscript(name: String) -> String? { members[name]?.string }

    var shown: ShownReport {
        let conclusion = self["conclusion"] ?? self["status"] ?? "queued"
        let status = ShownStatus(
            name: self["name"] ?? "", state: conclusion, tone: Self.tone(conclusion),
            summary: output["title"]?.string ?? "", url: self["details_url"], place: commit)
        return ShownReport(
            kind: "Check run", status: status, title: output["title"]?.string ?? "",
            markdown: ["summary", "text"].compactMap { output[$0]?.string }.filter { !$0.isEmpty }
                .joined(separator: "\n\n"),
            annotations: annotations.map { annotation in
                ShownAnnotation(
                    path: annotation["path"]?.string, line: annotation["start_line"]?.int,
                    tone: Self.tone(annotation["annotation_level"]?.string ?? ""),
                    title: annotation["title"]?.string ?? "", message: annotation["message"]?.string ?? "")
            })
    }

    private static func tone(_ word: String) -> Tone {
        switch word {
        case "success": .good
        case "failure", "timed_out", "action_required": .bad
        case "warning": .warning
        case "queued", "in_progress": .waiting
        default: .neutral
        }
    }

    /// Takes over what a request sets; annotations are only ever added.
    mutating func take(_ json: JSONValue) {
        for name in ["name", "status", "conclusion", "external_id", "details_url"] where json[name] != nil {
            members[name] = json[name]
        }
        if json["conclusion"] != nil { members["status"] = "completed" }
        if self["status"] != "completed" { members["conclusion"] = nil }
        guard case .object(let output) = json["output"] else { return }
        for name in ["title", "summary", "text"] where output[name] != nil { self.output[name] = output[name] }
        annotations += output["annotations"]?.array ?? []
    }

    func document(_ request: SimulatedRequest) -> JSONValue {
        let url = "\(request.moment.base)/check-runs/\(id)"
        let isDone = self["status"] == "completed"
        return JSONValue.object(members).merging([
            "id": .int(id), "head_sha": .string(commit), "node_id": .string("CR_\(id)"), "url": .string(url),
            "html_url": .string("https://github.com/runs/\(id)"), "status": .string(self["status"] ?? "queued"),
            "conclusion": members["conclusion"] ?? .null, "external_id": .string(self["external_id"] ?? ""),
            "details_url": .text(self["details_url"]), "started_at": .string(request.moment.timestamp),
            "completed_at": isDone ? .string(request.moment.timestamp) : .null,
            "output": [
                "title": output["title"] ?? .null, "summary": output["summary"] ?? .null,
                "text": output["text"] ?? .null, "annotations_count": .int(annotations.count),
                "annotations_url": .string("\(url)/annotations"),
            ],
            "check_suite": ["id": 5], "app": nil, "pull_requests": [],
        ])
    }
}

extension SimulatedGitHub {
    var checkRunRoutes: [Route] {
        [
            Route(.post, Self.path("/check-runs"), addCheckRun),
            Route(.patch, Self.path("/check-runs/{check_run_id}"), changeCheckRun),
            Route(.get, Self.path("/check-runs/{check_run_id}")) { request in
                state { state in
                    state.checkRuns.first { $0.id == request.number("check_run_id") }
                        .map { .json(200, $0.document(request)) } ?? Self.error(404, "Not Found")
                }
            },
            Route(.get, Self.path("/check-runs/{check_run_id}/annotations")) { request in
                let run = state { state in state.checkRuns.first { $0.id == request.number("check_run_id") } }
                guard let run else { return Self.error(404, "Not Found") }
                return Self.page(run.annotations.map(Self.annotation), of: request)
            },
            Route(.get, Self.path("/commits/{ref}/check-runs")) { request in
                let runs = state { $0.checkRuns }.filter { run in
                    run.commit == request["ref"]
                        && (request.query["check_name"] == nil || request.query["check_name"] == run["name"])
                }
                return Self.page(runs.reversed().map { $0.document(request) }, of: request) { page in
                    ["total_count": .int(runs.count), "check_runs": .array(page)]
                }
            },
        ]
    }

    private static func annotation(_ sent: JSONValue) -> JSONValue {
        JSONValue.object([
            "start_column": nil, "end_column": nil, "annotation_level": nil, "title": nil, "raw_details": nil,
            "blob_href": "https://github.com/blob",
        ]).merging(sent.members)
    }

    @Sendable private func addCheckRun(_ request: SimulatedRequest) -> SimulatedAnswer {
        guard let json = request.json, let name = json["name"]?.string, !name.isEmpty,
            let commit = json["head_sha"]?.string
        else { return Self.error(422, "Invalid request.\n\n\"name\", \"head_sha\" weren't supplied.") }
        if let refused = missing(commit: commit) ?? Self.refusal(ofCheckRun: json, isNew: true) { return refused }
        return state { state in
            var run = GitHubCheckRun(id: state.nextID(), commit: commit, members: ["status": "queued"])
            run.take(json)
            state.checkRuns.append(run)
            return .json(201, run.document(request))
        }
    }

    @Sendable private func changeCheckRun(_ request: SimulatedRequest) -> SimulatedAnswer {
        guard let json = request.json else { return Self.error(400, "Problems parsing JSON") }
        if let refused = Self.refusal(ofCheckRun: json, isNew: false) { return refused }
        return state { state in
            guard let index = state.checkRuns.firstIndex(where: { $0.id == request.number("check_run_id") }) else {
                return Self.error(404, "Not Found")
            }
            state.checkRuns[index].take(json)
            return .json(200, state.checkRuns[index].document(request))
        }
    }
}

extension JSONValue {
    /// The members of an object; none of anything else.
    var members: [String: JSONValue] {
        if case .object(let members) = self { members } else { [:] }
    }
}
