import CICore

/// The repository's downloads; a file of the same name is replaced.
struct BitbucketDownloads: FileShelf {
    let repository: BitbucketRepository

    func put(_ file: SharedFile) async throws(APIError) -> String? {
        let name = ShelfName.safe(file.name)
        let form = form(of: file, name: name)
        let call = APICall(
            .post, repository.path("/downloads"),
            headers: [HTTPHeader("Content-Type", "multipart/form-data; boundary=\(form.boundary)")], body: form.body)
        try await repository.create(call, read: { _ in }, unless: { nil })
        if file.digest != nil { try await check(name, size: HTTPBody(file.content).count) }
        return "\(repository.name.page)/downloads/\(PercentEncoding.encode(name))"
    }

    /// Bitbucket tells no digest, but sizes.
    private func check(_ name: String, size: Int64) async throws(APIError) {
        let downloads = try await repository.list(APICall(.get, repository.path("/downloads")))
        guard let stored = downloads.first(where: { $0["name"]?.string == name }),
            stored["size"]?.int.map(Int64.init) ?? size == size
        else {
            throw APIError(.malformed, "Bitbucket: \(name)", detail: "what arrived is not what was sent")
        }
    }

    /// RFC 7578 with one field, `files`. Nobody who wrote the file could know its boundary.
    private func form(of file: SharedFile, name: String) -> (boundary: String, body: HTTPBody) {
        let random = (0..<4).map { _ in UInt32(repository.client.exchange.ports.random(0...4_294_967_295)) }
        let boundary = "dt-ci-" + random.map { String($0, radix: 16) }.joined()
        // `ShelfName` leaves no quote, backslash or line break in it.
        let head = """
            --\(boundary)\r
            Content-Disposition: form-data; name="files"; filename="\(name)"\r
            Content-Type: application/octet-stream\r
            \r

            """
        let pieces = [.bytes(Array(head.utf8))] + HTTPBody(file.content).pieces
        return (boundary, HTTPBody(pieces + [.bytes(Array("\r\n--\(boundary)--\r\n".utf8))]))
    }
}

extension BitbucketDownloads: FileSource {
    func get(
        _ name: String, into sink: (_ part: [UInt8]) throws(APIError) -> Void
    ) async throws(APIError) -> Int64? {
        let path = repository.path("/downloads/\(ShelfName.safe(name))")
        return try await RangedDownload(what: "Bitbucket: GET \(path.text)").run(
            fetch: { headers async throws(APIError) -> APIAnswer in
                try await repository.send(APICall(.get, path, headers: headers, accepting: [404, 416]))
            }, into: sink)
    }
}

extension BitbucketDownloads: LastingShelf {
    /// Downloads belong to the repository, not to a run.
    func lasting() -> Self { self }
}
