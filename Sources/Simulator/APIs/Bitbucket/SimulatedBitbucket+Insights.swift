import CICore

extension SimulatedBitbucket {
    private static let report = "\(commit)/reports/{reportId}"

    var insightRoutes: [Route] {
        [
            Route(.put, Self.report) { putReport($0) },
            Route(.get, Self.report) { request in
                state { state in
                    state.index(of: request).map { .json(200, entity(state.reports[$0], request)) } ?? Self.noReport
                }
            },
            Route(.delete, Self.report) { request in
                state { state in
                    guard let index = state.index(of: request) else { return Self.noReport }
                    state.reports.remove(at: index)
                    return .empty()
                }
            },
            Route(.get, "\(Self.report)/annotations") { request in
                state { state in
                    state.index(of: request).map { request.bitbucketPage(state.reports[$0].annotations) }
                        ?? Self.noReport
                }
            },
            Route(.post, "\(Self.report)/annotations") { postAnnotations($0) },
        ]
    }

    private static let noReport = SimulatedAnswer.bitbucket(404, "Report not found")

    private func putReport(_ request: SimulatedRequest) -> SimulatedAnswer {
        guard let body = request.json else { return .bitbucket(400, "Bad request") }
        for (name, limit) in [("title", 450), ("details", 2_000), ("report_type", 20)] {
            let text = body[name]?.string ?? ""
            guard !text.isEmpty else { return .bitbucket(400, "The following fields are mandatory: \(name)") }
            guard text.unicodeScalars.count <= limit else {
                return .bitbucket(400, "Field \(name) is longer than \(limit) characters")
            }
        }
        guard (body["data"]?.array.count ?? 0) <= 10 else { return .bitbucket(400, "Too many data fields") }
        guard ["PASSED", "FAILED", "PENDING"].contains(body["result"]?.string ?? "PENDING") else {
            return .bitbucket(400, "Invalid result")
        }
        return state { state in
            let report = BitbucketState.Report(commit: request["commit"], id: request["reportId"], content: body)
            if let index = state.index(of: request) {
                // Annotations are things of their own, and stay.
                state.reports[index].content = body
                return .json(200, entity(state.reports[index], request))
            }
            state.reports.append(report)
            return .json(200, entity(report, request))
        }
    }

    private func postAnnotations(_ request: SimulatedRequest) -> SimulatedAnswer {
        let sent = request.json?.array ?? []
        guard (1...100).contains(sent.count) else {
            return .bitbucket(400, "The number of annotations must be between 1 and 100")
        }
        for annotation in sent {
            let summary = annotation["summary"]?.string ?? ""
            guard summary.contains(where: { !$0.isWhitespace }) else {
                return .bitbucket(400, "The following fields are mandatory: summary")
            }
            guard summary.unicodeScalars.count <= 450 else {
                return .bitbucket(400, "Field summary is longer than 450 characters")
            }
            guard (annotation["details"]?.string ?? "").unicodeScalars.count <= 2_000 else {
                return .bitbucket(400, "Field details is longer than 2000 characters")
            }
            guard ["VULNERABILITY", "CODE_SMELL", "BUG"].contains(annotation["annotation_type"]?.string ?? "") else {
                return .bitbucket(400, "The following fields are mandatory: annotation_type")
            }
        }
        return state { state in
            guard let index = state.index(of: request) else { return Self.noReport }
            let written = sent.map { annotation in
                let id = annotation["external_id"]?.string ?? String(state.nextID())
                return annotation.merging([
                    "type": "report_annotation", "uuid": .string("{\(Self.uuid(id))}"), "external_id": .string(id),
                    "created_on": .string(request.moment.timestamp), "updated_on": .string(request.moment.timestamp),
                ])
            }
            let ids = Set(written.map { $0["external_id"] })
            let kept = state.reports[index].annotations.filter { !ids.contains($0["external_id"]) }
            guard kept.count + written.count <= 1_000 else {
                return .bitbucket(400, "A report can contain up to 1000 annotations")
            }
            state.reports[index].annotations = kept + written
            return .json(200, .array(written))
        }
    }

    private func entity(_ report: BitbucketState.Report, _ request: SimulatedRequest) -> JSONValue {
        report.content.merging([
            "type": "report", "uuid": .string("{\(Self.uuid(report.id))}"), "external_id": .string(report.id),
            "created_on": .string(request.moment.timestamp), "updated_on": .string(request.moment.timestamp),
        ])
    }
}

extension BitbucketState {
    fileprivate func index(of request: SimulatedRequest) -> Int? {
        reports.firstIndex { $0.commit == request["commit"] && $0.id == request["reportId"] }
    }
}
