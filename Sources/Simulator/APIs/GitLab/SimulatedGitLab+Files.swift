import CICore

import struct FoundationEssentials.Data

extension SimulatedGitLab {
    private static let package = "\(project)/packages/generic/{package_name}/{package_version}/{file_name}"

    var packageRoutes: [Route] {
        [
            Route(.put, Self.package) { request in
                guard ["package_name", "package_version", "file_name"].allSatisfy({ Self.isLegal(request[$0]) }) else {
                    return .json(400, ["error": "file_name is invalid"])
                }
                return state { state in
                    let file = GitLabState.PackageFile(
                        id: state.nextID(), package: "\(request["package_name"]) \(request["package_version"])",
                        name: request["file_name"], body: request.body)
                    // The newest of a name is the one that is served.
                    state.packages.removeAll { $0.package == file.package && $0.name == file.name }
                    state.packages.append(file)
                    guard request.query["select"] == "package_file" else { return .message(201, "201 Created") }
                    return .json(
                        201,
                        [
                            "id": .int(file.id), "package_id": 31, "file_name": .string(file.name),
                            "size": .int(Int(file.body.count)), "file_sha256": .string(SHA256Text.of(file.body.bytes)),
                            "created_at": .string(request.moment.timestamp),
                        ])
                }
            },
            Route(.get, Self.package) { request in
                state { state in
                    let package = "\(request["package_name"]) \(request["package_version"])"
                    guard
                        let file = state.packages.first(where: {
                            $0.package == package && $0.name == request["file_name"]
                        })
                    else { return .message(404, "404 Not Found") }
                    return .ranged(file.body.bytes, of: request)
                }
            },
        ]
    }

    private static func isLegal(_ name: String) -> Bool {
        let marks: Set<Character> = [".", "_", "~", "@", "+", "-"]
        return !name.isEmpty && name.count <= 255
            && name.allSatisfy { character in
                character.isASCII && (character.isLetter || character.isNumber) || marks.contains(character)
            }
    }
}

extension SimulatedGitLab {
    private static let file = "\(project)/repository/files/{file_path}"

    var fileRoutes: [Route] {
        [
            Route(.get, Self.file) { request in
                state { state in
                    guard let files = state.branches[request.query["ref"] ?? ""] else {
                        return .message(404, "404 Commit Not Found")
                    }
                    guard let bytes = files[request["file_path"]] else { return .message(404, "404 File Not Found") }
                    return .json(200, entity(bytes, request))
                }
            },
            Route(.post, Self.file) { commit($0, isNew: true) },
            Route(.put, Self.file) { commit($0, isNew: false) },
        ]
    }

    private func commit(_ request: SimulatedRequest, isNew: Bool) -> SimulatedAnswer {
        guard let body = request.json, let branch = body["branch"]?.string, let content = body["content"]?.string,
            body["commit_message"]?.string?.isEmpty == false
        else { return .json(400, ["error": "branch is missing, commit_message is missing, content is missing"]) }
        let isEncoded = body["encoding"]?.string == "base64"
        guard let bytes = isEncoded ? Data(base64Encoded: content).map({ Array($0) }) : Array(content.utf8) else {
            return .message(400, "content is not Base64")
        }
        return state { state in
            let start = body["start_branch"]?.string ?? branch
            guard let origin = state.branches[start] else {
                return .message(400, "You can only create or edit files when you are on a branch")
            }
            guard start == branch || state.branches[branch] == nil else {
                return .message(
                    400,
                    "A branch called '\(branch)' already exists. Switch to that branch in order to make changes")
            }
            var files = state.branches[branch] ?? origin
            guard isNew == (files[request["file_path"]] == nil) else {
                return .message(400, "A file with this name \(isNew ? "already exists" : "doesn't exist")")
            }
            files[request["file_path"]] = bytes
            state.branches[branch] = files
            return .json(
                isNew ? 201 : 200, ["file_path": .string(request["file_path"]), "branch": .string(branch)])
        }
    }

    private func entity(_ bytes: [UInt8], _ request: SimulatedRequest) -> JSONValue {
        let path = request["file_path"]
        return [
            "file_name": .string(path.split(separator: "/").last.map(String.init) ?? path), "file_path": .string(path),
            "size": .int(bytes.count), "encoding": "base64", "content": .string(Data(bytes).base64EncodedString()),
            "content_sha256": .string(SHA256Text.of(bytes)), "ref": .string(request.query["ref"] ?? ""),
            "blob_id": "79f7bbd25901e8334750839545a9bd021f0e4c83", "commit_id": .string(scenario.source.base),
            "last_commit_id": .string(scenario.source.base), "execute_filemode": false,
        ]
    }
}

extension SimulatedGitLab {
    var badgeRoutes: [Route] {
        [
            Route(.get, "\(Self.project)/badges") { request in
                state { state in
                    let name = request.query["name"]
                    return request.gitLabPage(
                        state.badges.filter { name == nil || $0.name == name }.map { entity($0) })
                }
            },
            Route(.post, "\(Self.project)/badges") { putBadge($0, id: nil) },
            Route(.put, "\(Self.project)/badges/{badge_id}") { putBadge($0, id: $0.number("badge_id") ?? 0) },
        ]
    }

    private func putBadge(_ request: SimulatedRequest, id: Int?) -> SimulatedAnswer {
        guard let body = request.json, let image = body["image_url"]?.string, let link = body["link_url"]?.string else {
            return .json(400, ["error": "link_url is missing, image_url is missing"])
        }
        guard [image, link].allSatisfy({ $0.hasPrefix("https://") || $0.hasPrefix("http://") }) else {
            return .json(400, ["message": ["image_url": ["is blocked: Only allowed schemes are http, https"]]])
        }
        return state { state in
            let badge = GitLabState.Badge(
                id: id ?? state.nextID(), name: body["name"]?.string, image: image, link: link)
            if id == nil {
                state.badges.append(badge)
            } else if let index = state.badges.firstIndex(where: { $0.id == id }) {
                state.badges[index] = badge
            } else {
                return .message(404, "404 Badge Not Found")
            }
            return .json(id == nil ? 201 : 200, entity(badge))
        }
    }

    private func entity(_ badge: GitLabState.Badge) -> JSONValue {
        [
            "id": .int(badge.id), "name": .text(badge.name), "link_url": .string(badge.link),
            "image_url": .string(badge.image), "rendered_link_url": .string(badge.link),
            "rendered_image_url": .string(badge.image), "kind": "project",
        ]
    }
}
