import CICore

extension SimulatedBitbucket {
    var downloadRoutes: [Route] {
        [
            Route(.get, "\(Self.repository)/downloads") { request in
                state { state in request.bitbucketPage(state.downloads.map { entity($0, request) }) }
            },
            Route(.post, "\(Self.repository)/downloads") { upload($0) },
            Route(.get, "\(Self.repository)/downloads/{filename}") { request in
                state { state in
                    guard let download = state.downloads.first(where: { $0.name == request["filename"] }) else {
                        return .bitbucket(404, "File not found")
                    }
                    // The storage behind it is another host's.
                    guard request.query["signature"] != nil else {
                        let place = request.moment.base + request.target.path
                        return .empty(302, headers: ["Location": "\(place)?signature=a%2Bb"])
                    }
                    return .ranged(download.bytes, of: request)
                }
            },
            Route(.delete, "\(Self.repository)/downloads/{filename}") { request in
                state { state in
                    guard let index = state.downloads.firstIndex(where: { $0.name == request["filename"] }) else {
                        return .bitbucket(404, "File not found")
                    }
                    state.downloads.remove(at: index)
                    return .empty()
                }
            },
        ]
    }

    private func upload(_ request: SimulatedRequest) -> SimulatedAnswer {
        let fields = MultipartForm.fields(of: request).filter { $0.name == "files" && $0.file != nil }
        guard !fields.isEmpty else { return .bitbucket(400, "No files provided") }
        return state { state in
            for field in fields {
                let name = field.file ?? ""
                // A file of the same name takes the place of the older one.
                state.downloads.removeAll { $0.name == name }
                state.downloads.append(BitbucketState.Download(name: name, size: field.size, bytes: field.bytes))
            }
            return .empty(201)
        }
    }

    private func entity(_ download: BitbucketState.Download, _ request: SimulatedRequest) -> JSONValue {
        [
            "type": "download", "name": .string(download.name), "size": .int(Int(download.size)), "downloads": 0,
            "created_on": .string(request.moment.timestamp),
        ]
    }
}
