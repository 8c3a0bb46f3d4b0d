import CICore

extension SimulatedBitbucket {
    var statusRoutes: [Route] {
        [
            Route(.post, "\(Self.commit)/statuses/build") { request in
                guard let body = request.json else { return .bitbucket(400, "Bad request") }
                return put(body, key: body["key"]?.string ?? "", request, success: 201)
            },
            Route(.put, "\(Self.commit)/statuses/build/{key}") { request in
                guard let body = request.json else { return .bitbucket(400, "Bad request") }
                return put(body, key: request["key"], request, success: 200)
            },
            Route(.get, "\(Self.commit)/statuses/build/{key}") { request in
                state { state in
                    let found = state.statuses.first { $0.commit == request["commit"] && $0.key == request["key"] }
                    return found.map { .json(200, entity($0, request)) } ?? .bitbucket(404, "Build status not found")
                }
            },
            Route(.get, "\(Self.commit)/statuses") { request in
                state { state in
                    request.bitbucketPage(
                        state.statuses.filter { $0.commit == request["commit"] }.map { entity($0, request) })
                }
            },
        ]
    }

    private func put(
        _ body: JSONValue, key: String, _ request: SimulatedRequest, success: Int
    ) -> SimulatedAnswer {
        guard !key.isEmpty else { return .bitbucket(field: "key", "This field is required.") }
        let length = key.unicodeScalars.count
        guard length <= 40 else {
            return .bitbucket(field: "key", "Ensure this value has at most 40 characters (it has \(length)).")
        }
        let word = body["state"]?.string ?? ""
        guard ["SUCCESSFUL", "FAILED", "INPROGRESS", "STOPPED"].contains(word) else {
            return .bitbucket(field: "state", "\"\(word)\" is not a valid choice.")
        }
        guard let url = body["url"]?.string else { return .bitbucket(field: "url", "This field is required.") }
        guard Self.isPublic(url) else { return .bitbucket(field: "url", "Enter a valid URL.") }
        return state { state in
            let status = BitbucketState.Status(
                commit: request["commit"], key: key, name: body["name"]?.string ?? key, state: word,
                description: body["description"]?.string ?? "", url: url)
            // A status of the same key takes the place of the older one.
            state.statuses.removeAll { $0.commit == status.commit && $0.key == key }
            state.statuses.append(status)
            return .json(success, entity(status, request))
        }
    }

    /// What Bitbucket's check of addresses lets pass: a name with a dot, `http` or `https`.
    private static func isPublic(_ url: String) -> Bool {
        guard let scheme = ["https://", "http://"].first(where: { url.hasPrefix($0) }) else { return false }
        let host = url.dropFirst(scheme.count).prefix { $0 != "/" && $0 != ":" && $0 != "?" && $0 != "#" }
        return host.contains(".") && !host.hasPrefix(".") && !host.hasSuffix(".") && !url.contains(" ")
    }

    private func entity(_ status: BitbucketState.Status, _ request: SimulatedRequest) -> JSONValue {
        [
            "type": "build", "key": .string(status.key), "name": .string(status.name), "state": .string(status.state),
            "description": .string(status.description), "url": .string(status.url),
            "uuid": .string("{\(Self.uuid(status.commit + status.key))}"),
            "created_on": .string(request.moment.timestamp), "updated_on": .string(request.moment.timestamp),
        ]
    }
}
