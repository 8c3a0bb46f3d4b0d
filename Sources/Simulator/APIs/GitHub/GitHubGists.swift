import CICore

extension SimulatedGitHub {
    var gistRoutes: [Route] {
        [
            Route(.get, "/gists/{gist_id}") { request in
                state { $0.gists[request["gist_id"]] }.map { .json(200, Self.gist(request["gist_id"], $0)) }
                    ?? Self.error(404, "Not Found")
            },
            Route(.patch, "/gists/{gist_id}", changeGist),
        ]
    }

    @Sendable private func changeGist(_ request: SimulatedRequest) -> SimulatedAnswer {
        let id = request["gist_id"]
        return state { state in
            guard var files = state.gists[id] else { return Self.error(404, "Not Found") }
            for (name, file) in request.json?["files"]?.members ?? [:] {
                guard let content = file["content"]?.string, !content.isEmpty else {
                    return Self.invalid("Gist", "files", "contents can't be empty")
                }
                files[name] = content
            }
            state.gists[id] = files
            return .json(200, Self.gist(id, files))
        }
    }

    private static func gist(_ id: String, _ files: [String: String]) -> JSONValue {
        [
            "id": .string(id), "html_url": .string("https://gist.github.com/\(id)"),
            "files": .object(
                files.mapValues { ["content": .string($0), "size": .int($0.utf8.count), "truncated": false] }),
        ]
    }
}
