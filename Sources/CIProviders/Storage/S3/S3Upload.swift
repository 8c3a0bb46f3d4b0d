package import CICore

/// Something to put into a bucket.
package struct S3Item: Sendable, Hashable {
    package var key: String
    package var content: SharedFile.Content
    /// Of the whole content.
    package var digest: ContentDigest
    package var mediaType: String

    package init(key: String, content: SharedFile.Content, digest: ContentDigest, mediaType: String) {
        self.key = key
        self.content = content
        self.digest = digest
        self.mediaType = mediaType
    }
}

/// How an object came to be where it is.
package enum S3Receipt: Sendable, Hashable {
    /// It was there already, with the same digest.
    case standing
    /// So many bytes were sent; what an earlier try had sent is not among them.
    case sent(Int64)
}

extension S3Client {
    /// Puts an object there, unless it is there already, and checks what arrived. `note` is told by what a later try can
    /// go on from there; that is its `ticket`.
    package func put(
        _ item: S3Item, resuming ticket: String? = nil, partSize: Int64 = 8 << 20,
        note: @escaping @Sendable (_ ticket: String) -> Void = { _ in }
    ) async throws(APIError) -> S3Receipt {
        let body = HTTPBody(item.content)
        if let standing = try await object(item.key), standing.size == body.count, standing.digest == item.digest {
            return .standing
        }
        guard body.count <= S3PartPlan.sizeLimit else {
            throw APIError(.refused, address.title, detail: "\(item.key) is larger than the 5 TiB that an object holds")
        }
        if body.count <= S3PartPlan.singleLimit, ticket == nil { return try await putWhole(item, body) }
        let upload = S3PartUpload(client: self, item: item, body: body, partSize: partSize)
        return try await upload.run(resuming: ticket.flatMap { S3PartUpload.Ticket($0) }, note: note)
    }

    /// Gives up an upload that a later try could have gone on with, so that nobody pays for its parts.
    package func abandon(_ key: String, ticket: String) async throws(APIError) {
        guard let ticket = S3PartUpload.Ticket(ticket) else { return }
        try await S3PartUpload.abort(key, ticket, by: self)
    }

    private func putWhole(_ item: S3Item, _ body: HTTPBody) async throws(APIError) -> S3Receipt {
        let digests = try digests(of: body)
        guard ContentDigest(bytes: digests.sha256) == item.digest else { throw changed(item) }
        var request = Request(.put, item.key)
        request.headers = headers(of: item)
        request.body = body
        request.digests = digests
        try await send(request)
        try await verify(
            item, body.count, tag: Hexadecimal.text(of: digests.md5), checksum: Base64.encode(digests.sha256))
        return .sent(body.count)
    }

    func headers(of item: S3Item) -> [(name: String, value: String)] {
        [("Content-Type", SafeText.line(item.mediaType, limit: 100)), (Self.digestHeader, item.digest.hexadecimal)]
    }

    func digests(of body: HTTPBody) throws(APIError) -> BodyDigests {
        do {
            return try BodyDigests(body, files)
        } catch {
            throw APIError(.refused, address.title, detail: error.description)
        }
    }

    func changed(_ item: S3Item) -> APIError {
        APIError(.refused, "\(address.title): \(item.key)", detail: "the file has changed since its digest was taken")
    }

    /// Looks at what arrived: its size, and whichever of both digests the storage tells.
    func verify(_ item: S3Item, _ size: Int64, tag: String, checksum: String) async throws(APIError) {
        let what = "\(address.title): \(item.key)"
        guard let object = try await object(item.key) else {
            throw APIError(.malformed, what, detail: "it is not there after it was stored")
        }
        let isTagForeign =
            object.isTagOpaque || object.tag.utf8.count != tag.utf8.count || object.tag.lowercased() == tag
        guard object.size == size, object.digest == nil || object.digest == item.digest,
            object.checksum == nil || object.checksum?.prefix(44) == checksum.prefix(44), isTagForeign
        else {
            throw APIError(.malformed, what, detail: "what arrived is not what was sent")
        }
    }
}
