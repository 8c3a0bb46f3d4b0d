import CICore

import struct FoundationEssentials.Data

extension SimulatedGitHub {
    var contentRoutes: [Route] {
        [
            Route(.get, Self.path("/contents/{path...}"), content),
            Route(.put, Self.path("/contents/{path...}"), write),
        ]
    }

    @Sendable func content(_ request: SimulatedRequest) -> SimulatedAnswer {
        let branch = request.query["ref"] ?? scenario.repository.defaultBranch
        return state { state in
            guard let files = state.git.files(of: branch) else {
                return Self.error(404, "No commit found for the ref \(branch)")
            }
            guard let sha = files[request["path"]], let bytes = state.git.blobs[sha] else {
                return Self.error(404, "Not Found")
            }
            return .json(
                200,
                file(request["path"], sha, bytes.count, branch, request).merging([
                    "encoding": "base64", "content": .string(Data(bytes).base64EncodedString() + "\n"),
                ]))
        }
    }

    /// Creates or replaces a file on a branch that exists.
    @Sendable func write(_ request: SimulatedRequest) -> SimulatedAnswer {
        guard let json = request.json, let message = json["message"]?.string,
            let bytes = json["content"]?.string.flatMap(Self.decoded)
        else { return Self.error(422, "Invalid request.\n\n\"message\", \"content\" weren't supplied.") }
        let branch = json["branch"]?.string ?? scenario.repository.defaultBranch
        let path = request["path"]
        return state { state in
            guard let files = state.git.files(of: branch) else { return Self.error(404, "Branch \(branch) not found") }
            let given = json["sha"]?.string
            if let standing = files[path] {
                guard let given else { return Self.error(422, "Invalid request.\n\n\"sha\" wasn't supplied.") }
                guard given == standing else { return Self.error(409, "\(path) does not match \(given)") }
            }
            let (blob, commit) = state.git.commit(path, bytes, on: branch, message: message)
            let tree = state.git.commits[commit] ?? ""
            return .json(
                files[path] == nil ? 201 : 200,
                [
                    "content": file(path, blob, bytes.count, branch, request),
                    "commit": self.commit(commit, tree, message, request),
                ])
        }
    }

    private func file(
        _ path: String, _ sha: String, _ size: Int, _ branch: String, _ request: SimulatedRequest
    ) -> JSONValue {
        let url = JSONValue.string("\(request.moment.base)/contents/\(path)?ref=\(branch)")
        let page = JSONValue.string("https://github.com/\(scenario.repository.slug)/blob/\(branch)/\(path)")
        return [
            "type": "file", "name": .string(path), "path": .string(path), "sha": .string(sha), "size": .int(size),
            "url": url, "html_url": page, "git_url": url, "download_url": page,
            "_links": ["self": url, "git": url, "html": page],
        ]
    }
}
