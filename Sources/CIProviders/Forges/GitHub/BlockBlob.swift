import CICore

/// A blob of Azure's storage, written by a URL that carries its own permission.
struct BlockBlob: Sendable {
    /// With the signed URL as its base and no token: the storage refuses one that is not its own. What each call adds
    /// to the query is its path, so that no error shows the signature.
    private let client: APIClient
    private let separator: String

    private static let blockSize: Int64 = 8 << 20

    init(url: String, exchange: Exchange) {
        client = APIClient(title: "artifact storage", base: url, headers: [], exchange: exchange)
        separator = url.contains("?") ? "&" : "?"
    }

    /// Puts the blocks one after the other, then the list that makes them the blob.
    func upload(_ body: HTTPBody) async throws(APIError) {
        var ids: [String] = []
        var offset: Int64 = 0
        repeat {
            let block = body.part(from: offset, count: Self.blockSize)
            // All ids of a blob have the same length.
            let id = Base64.encode("block-\(String(1_000_000 + ids.count).dropFirst())")
            try await put("comp=block&blockid=\(id)", block, "application/octet-stream")
            ids.append(id)
            offset += Self.blockSize
        } while offset < body.count
        let list = ids.map { "<Latest>\($0)</Latest>" }.joined()
        try await put(
            "comp=blocklist",
            HTTPBody(Array("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>\(list)</BlockList>".utf8)),
            "application/xml")
    }

    private func put(_ query: APIPath, _ body: HTTPBody, _ mediaType: String) async throws(APIError) {
        var call = APICall(.put, APIPath(stringLiteral: separator + query.text), body: body)
        call.headers = [
            HTTPHeader("Content-Type", mediaType), HTTPHeader("x-ms-version", "2021-08-06"),
            HTTPHeader("x-ms-blob-content-type", "application/zip"),
        ]
        try await client.send(call)
    }
}

extension HTTPBody {
    /// The bytes from `offset` on, at most `limit` of them, as pieces that are still not joined.
    func part(from offset: Int64, count limit: Int64) -> HTTPBody {
        var skip = offset
        var room = limit
        var part: [Piece] = []
        for piece in pieces where room > 0 {
            let length = HTTPBody([piece]).count
            let start = min(skip, length)
            let count = min(room, length - start)
            skip -= start
            room -= count
            guard count > 0 else { continue }
            switch piece {
            case .bytes(let bytes): part.append(.bytes(Array(bytes[Int(start)..<Int(start + count)])))
            case .file(let path, let first, _): part.append(.file(path, offset: first + start, count: count))
            }
        }
        return HTTPBody(part)
    }
}
