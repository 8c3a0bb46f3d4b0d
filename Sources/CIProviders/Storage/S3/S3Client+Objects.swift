package import CICore

/// An object as its storage describes it.
package struct S3Object: Sendable, Hashable {
    package var key: String
    package var size: Int64
    /// Without quotes; MD5 of the bytes where nothing stands against it.
    package var tag: String
    /// The SHA-256 that its sender put beside it.
    package var digest: ContentDigest?
    /// What the storage itself has counted, as Base64; of parts, it ends in their number.
    var checksum: String?
    /// Whether the tag has nothing to do with the bytes: the storage has encrypted them with a key of its owner.
    var isTagOpaque = false
}

extension S3Client {
    /// The header in which an object's sender says its SHA-256.
    static let digestHeader = "x-amz-meta-dt-ci-sha256"

    /// What is known of an object; `nil` if there is none.
    package func object(_ key: String) async throws(APIError) -> S3Object? {
        var request = Request(.head, key)
        request.accepted = [404]
        if takesChecksums { request.headers = [("x-amz-checksum-mode", "ENABLED")] }
        let answer = try await send(request)
        guard answer.status != 404 else { return nil }
        func header(_ name: String) -> String? { answer.response[header: name] }
        return S3Object(
            key: key, size: header("Content-Length").flatMap(Int64.init) ?? -1, tag: Self.tag(header("ETag")),
            digest: header(Self.digestHeader).flatMap { ContentDigest($0) }, checksum: header("x-amz-checksum-sha256"),
            isTagOpaque: header("x-amz-server-side-encryption").map { $0 != "AES256" } ?? false)
    }

    /// The objects whose keys begin with a text, in the order of their keys and at most `limit` of them.
    package func objects(below prefix: String, limit: Int = 1_000_000) async throws(APIError) -> [S3Object] {
        var found: [S3Object] = []
        var token: String?
        repeat {
            var request = Request(.get)
            request.query = [("list-type", "2"), ("encoding-type", "url"), ("prefix", prefix)]
            request.query += token.map { [("continuation-token", $0)] } ?? []
            let answer = try await send(request)
            let document = S3Document(answer)
            found += document.elements("Contents").compactMap { entry in
                guard let key = entry.first("Key"), let size = entry.first("Size").flatMap(Int64.init) else {
                    return nil
                }
                return S3Object(key: PercentEncoding.decode(key), size: size, tag: Self.tag(entry.first("ETag")))
            }
            let next = document.first("NextContinuationToken")
            token = next == token ? nil : next
        } while token != nil && found.count < limit
        return Array(found.prefix(limit))
    }

    /// Hands over an object's bytes, part by part.
    ///
    /// - Returns: how many bytes there were; `nil` if there is no such object.
    package func get(
        _ key: String, into sink: (_ part: [UInt8]) throws(APIError) -> Void
    ) async throws(APIError) -> Int64? {
        try await RangedDownload(what: "\(address.title): \(key)").run(
            fetch: { (headers: [HTTPHeader]) async throws(APIError) -> APIAnswer in
                var request = Request(.get, key)
                request.accepted = [404, 416]
                request.headers = headers.compactMap { header in
                    guard case .text(let text) = header.value else { return nil }
                    return (header.name, text)
                }
                return try await self.send(request)
            }, into: sink)
    }

    /// Takes an object away; no error if it is not there.
    package func delete(_ key: String) async throws(APIError) {
        var request = Request(.delete, key)
        request.accepted = [404]
        try await send(request)
    }

    static func tag(_ header: String?) -> String { header.map { $0.filter { $0 != "\"" } } ?? "" }
}
