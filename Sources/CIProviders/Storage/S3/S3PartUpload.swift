import CICore
import Crypto

/// Puts a large object there in parts, several at a time.
struct S3PartUpload: Sendable {
    let client: S3Client
    let item: S3Item
    let body: HTTPBody
    let partSize: Int64

    /// Parts on their way at a time.
    private static let width = 4

    /// What an upload is known by, and how it cuts the object.
    struct Ticket: Sendable, Hashable, CustomStringConvertible {
        let id: String
        let partSize: Int64

        init(id: String, partSize: Int64) {
            self.id = id
            self.partSize = partSize
        }

        init?(_ text: String) {
            let fields = text.split(separator: " ", maxSplits: 1)
            guard fields.count == 2, let partSize = Int64(fields[0]), partSize > 0 else { return nil }
            self.init(id: String(fields[1]), partSize: partSize)
        }

        var description: String { "\(partSize) \(id)" }
    }

    /// A part that the storage has.
    struct Part: Sendable, Hashable {
        let tag: String
        let digests: BodyDigests
    }

    /// Sends what the storage does not have yet, and joins the parts.
    func run(
        resuming earlier: Ticket?, note: @escaping @Sendable (String) -> Void
    ) async throws(APIError) -> S3Receipt {
        var standing: [Int: S3StoredPart] = [:]
        var known: Ticket?
        if let earlier, let parts = try await storedParts(of: earlier) { (known, standing) = (earlier, parts) }
        let plan = S3PartPlan(size: body.count, wanted: (known ?? earlier)?.partSize ?? partSize)
        if known?.partSize != plan.partSize { (known, standing) = (nil, [:]) }
        let ticket: Ticket
        if let known { ticket = known } else { ticket = Ticket(id: try await begin(), partSize: plan.partSize) }
        note(ticket.description)
        do throws(APIError) {
            let (parts, sent) = try await sendParts(of: plan, ticket, standing)
            try await complete(ticket, parts)
            return .sent(sent)
        } catch {
            // What only the network or the time has stopped can be gone on with.
            if [.refused, .forbidden, .unauthorized, .conflict, .malformed, .misdirected].contains(error.code) {
                // The first error is what counts; an upload that stays is for the bucket's own rules to clear away.
                try? await Self.abort(item.key, ticket, by: client)
            }
            throw error
        }
    }

    /// Gives the parts up.
    static func abort(_ key: String, _ ticket: Ticket, by client: S3Client) async throws(APIError) {
        var request = S3Client.Request(.delete, key)
        request.query = [("uploadId", ticket.id)]
        request.accepted = [404]
        try await client.send(request)
    }

    private func begin() async throws(APIError) -> String {
        var request = S3Client.Request(.post, item.key)
        request.query = [("uploads", "")]
        request.headers = client.headers(of: item)
        request.announcesChecksums = true
        // An upload that nobody knows of has no parts: it costs nothing to begin another.
        let answer = try await client.sendAgain(request)
        guard let id = S3Document(answer).first("UploadId"), !id.isEmpty else {
            throw answer.malformed("the answer has no upload id")
        }
        return id
    }
}

// MARK: Parts

extension S3PartUpload {
    /// All parts, and the bytes that were sent for them.
    private func sendParts(
        of plan: S3PartPlan, _ ticket: Ticket, _ standing: [Int: S3StoredPart]
    ) async throws(APIError) -> (parts: [Part], sent: Int64) {
        var parts: [Int: Part] = [:]
        var sent: Int64 = 0
        var failure: APIError?
        await withTaskGroup(of: Result<(Int, Part, Int64), APIError>.self) { group in
            var next = 1
            func add() {
                guard next <= plan.count else { return }
                let number = next
                next += 1
                group.addTask { await self.take(number, of: plan, ticket, standing[number]) }
            }
            for _ in 0..<Self.width { add() }
            for await result in group {
                switch result {
                case .success(let (number, part, count)):
                    parts[number] = part
                    sent += count
                    if failure == nil { add() }
                case .failure(let error):
                    if failure == nil { failure = error }
                    group.cancelAll()
                }
            }
        }
        if let failure { throw failure }
        return ((1...plan.count).compactMap { parts[$0] }, sent)
    }

    private func take(
        _ number: Int, of plan: S3PartPlan, _ ticket: Ticket, _ standing: S3StoredPart?
    ) async -> Result<(Int, Part, Int64), APIError> {
        do throws(APIError) {
            let range = plan.range(of: number)
            let piece = body.part(from: range.offset, count: range.count)
            let digests = try client.digests(of: piece)
            if let standing, standing.holds(digests, count: range.count) {
                return .success((number, Part(tag: standing.tag, digests: digests), 0))
            }
            var request = S3Client.Request(.put, item.key)
            request.query = [("partNumber", String(number)), ("uploadId", ticket.id)]
            request.body = piece
            request.digests = digests
            let answer = try await client.send(request)
            let tag = S3Client.tag(answer.response[header: "ETag"])
            guard !tag.isEmpty else { throw answer.malformed("the answer has no ETag") }
            return .success((number, Part(tag: tag, digests: digests), range.count))
        } catch {
            return .failure(error)
        }
    }

    /// The parts that are there; `nil` if the storage knows of no such upload any more.
    private func storedParts(of ticket: Ticket) async throws(APIError) -> [Int: S3StoredPart]? {
        var parts: [Int: S3StoredPart] = [:]
        var marker: String?
        while true {
            var request = S3Client.Request(.get, item.key)
            request.query = [("uploadId", ticket.id)] + (marker.map { [("part-number-marker", $0)] } ?? [])
            request.accepted = [404]
            let answer = try await client.send(request)
            guard answer.status != 404 else { return nil }
            let document = S3Document(answer)
            for element in document.elements("Part") {
                guard let number = element.first("PartNumber").flatMap({ Int($0) }), let part = S3StoredPart(element)
                else { continue }
                parts[number] = part
            }
            let next = document.first("NextPartNumberMarker")
            guard document.first("IsTruncated") == "true", let next, next != marker else { return parts }
            marker = next
        }
    }
}

/// A part of an earlier try.
struct S3StoredPart: Sendable, Hashable {
    let tag: String
    let size: Int64
    /// SHA-256 as Base64, where the storage keeps it.
    let checksum: String?

    init?(_ element: S3Document) {
        guard let size = element.first("Size").flatMap(Int64.init) else { return nil }
        tag = S3Client.tag(element.first("ETag"))
        self.size = size
        checksum = element.first("ChecksumSHA256")
    }

    /// Whether it is what would be sent again.
    func holds(_ digests: BodyDigests, count: Int64) -> Bool {
        guard size == count else { return false }
        if let checksum { return checksum == Base64.encode(digests.sha256) }
        return tag.lowercased() == Hexadecimal.text(of: digests.md5)
    }
}

// MARK: Its end

extension S3PartUpload {
    private func complete(_ ticket: Ticket, _ parts: [Part]) async throws(APIError) {
        let takesChecksums = client.takesChecksums
        let elements = parts.enumerated().map { index, part in
            let checksum =
                takesChecksums ? "<ChecksumSHA256>\(Base64.encode(part.digests.sha256))</ChecksumSHA256>" : ""
            let tag = part.tag.filter { $0 != "<" && $0 != "&" }
            return "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\"\(tag)\"</ETag>\(checksum)</Part>"
        }
        let document = Array("<CompleteMultipartUpload>\(elements.joined())</CompleteMultipartUpload>".utf8)
        var request = S3Client.Request(.post, item.key)
        request.query = [("uploadId", ticket.id)]
        request.headers = [("Content-Type", "application/xml")]
        request.body = HTTPBody(document)
        request.payloadDigest = Array(SHA256.hash(data: document))
        request.accepted = [404]
        let answer = try await client.sendAgain(request)
        let text = answer.text
        // What goes wrong late comes with 200; and 404 says that it was done by a call whose answer was lost.
        if answer.status == 200, let words = StorageError.words(in: text) {
            throw APIError(.serverFailed, answer.what, status: 200, detail: words, response: answer.response)
        }
        let joined = parts.flatMap(\.digests.md5)
        let sums = parts.flatMap(\.digests.sha256)
        try await client.verify(
            item, body.count, tag: Hexadecimal.text(of: Insecure.MD5.hash(data: joined)) + "-\(parts.count)",
            checksum: Base64.encode(Array(SHA256.hash(data: sums))))
    }
}
