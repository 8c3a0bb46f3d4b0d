import CICore

extension SimulatedGitLab {
    private static let notes = "\(project)/merge_requests/{noteable_id}/notes"

    var noteRoutes: [Route] {
        [
            Route(.get, Self.notes) { request in
                state { state in
                    guard let mergeRequest = request.number("noteable_id").flatMap({ state.mergeRequests[$0] }) else {
                        return Self.noSuchNote
                    }
                    let asked = request.query["activity_filter"]
                    let shown = mergeRequest.notes.filter { note in
                        asked == "only_comments" ? !note.isSystem : asked == "only_activity" ? note.isSystem : true
                    }
                    let ordered = request.query["sort"] == "asc" ? shown : shown.reversed()
                    return request.gitLabPage(ordered.map { entity($0, request) })
                }
            },
            Route(.post, Self.notes) { request in
                change(request) { state, mergeRequest, body in
                    let note = GitLabState.Note(id: state.nextID(), body: body, author: scenario.bot)
                    mergeRequest.notes.append(note)
                    return .json(201, entity(note, request))
                }
            },
            Route(.put, "\(Self.notes)/{note_id}") { request in
                change(request) { _, mergeRequest, body in
                    let id = request.number("note_id")
                    guard let index = mergeRequest.notes.firstIndex(where: { $0.id == id }) else {
                        return Self.noSuchNote
                    }
                    guard mergeRequest.notes[index].author == scenario.bot else {
                        return .message(403, "403 Forbidden")
                    }
                    mergeRequest.notes[index].body = body
                    mergeRequest.notes[index].isEdited = true
                    return .json(200, entity(mergeRequest.notes[index], request))
                }
            },
            Route(.delete, "\(Self.notes)/{note_id}") { delete($0) },
        ]
    }

    private static let noSuchNote = SimulatedAnswer.message(404, "404 Not found")

    private func delete(_ request: SimulatedRequest) -> SimulatedAnswer {
        state { state in
            guard let number = request.number("noteable_id"), let id = request.number("note_id"),
                let note = state.mergeRequests[number]?.notes.first(where: { $0.id == id })
            else { return Self.noSuchNote }
            guard note.author == scenario.bot else { return .message(403, "403 Forbidden") }
            state.mergeRequests[number]?.notes.removeAll { $0.id == id }
            return .empty()
        }
    }

    /// A note's new text, after its commands have been carried out, as GitLab does with those outside of code.
    private func change(
        _ request: SimulatedRequest,
        _ write: (inout GitLabState, inout GitLabState.MergeRequest, String) -> SimulatedAnswer
    ) -> SimulatedAnswer {
        guard let text = request.json?["body"]?.string, !text.isEmpty else {
            return .json(400, ["error": "body is missing, body is empty"])
        }
        guard text.unicodeScalars.count <= 1_000_000 else {
            return .message(400, "400 Bad request - Note is too long (maximum is 1000000 characters)")
        }
        return state { state in
            guard let number = request.number("noteable_id"), var mergeRequest = state.mergeRequests[number] else {
                return Self.noSuchNote
            }
            let (body, commands) = Self.carriedOut(text)
            mergeRequest.commands += commands
            let answer = write(&state, &mergeRequest, body)
            state.mergeRequests[number] = mergeRequest
            return answer
        }
    }

    private static func carriedOut(_ text: String) -> (body: String, commands: [String]) {
        let words = ["/close", "/merge", "/approve", "/assign", "/label", "/reopen", "/lock", "/title"]
        var isCode = false
        var kept: [Substring] = []
        var commands: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") { isCode.toggle() }
            if !isCode, words.contains(String(line.prefix { $0 != " " && $0 != "\r" })) {
                commands.append(String(line))
            } else {
                kept.append(line)
            }
        }
        return (kept.joined(separator: "\n"), commands)
    }

    private func entity(_ note: GitLabState.Note, _ request: SimulatedRequest) -> JSONValue {
        let person: JSONValue = [
            "id": 12, "username": .string(note.author), "name": .string(note.author), "state": "active",
            "web_url": .string("https://gitlab.com/\(note.author)"),
        ]
        return [
            "id": .int(note.id), "type": nil, "body": .string(note.body), "attachment": nil,
            "author": note.author == scenario.bot ? account : person,
            "created_at": .string(request.moment.timestamp), "updated_at": .string(request.moment.timestamp),
            "system": .bool(note.isSystem), "noteable_id": 88_112_233, "noteable_type": "MergeRequest",
            "project_id": .int(scenario.repository.id), "noteable_iid": .int(request.number("noteable_id")),
            "resolvable": false, "confidential": false, "internal": false, "imported": false, "imported_from": "none",
            "commands_changes": [:],
        ]
    }
}
