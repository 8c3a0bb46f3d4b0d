import CICore

/// Fetches something large in ranges (RFC 9110, 14), each of which is tried again on its own.
struct RangedDownload: Sendable {
    /// For errors.
    let what: String

    /// Of a range; what a request keeps of an answer is no less.
    private static let length: Int64 = 8 << 20

    /// Says how many bytes there were; `nil` if there is nothing there. `fetch` gets a range with these headers added, and
    /// takes 404 and 416 for answers; `sink` gets the parts in their order.
    func run(
        fetch: ([HTTPHeader]) async throws(APIError) -> APIAnswer, into sink: ([UInt8]) throws(APIError) -> Void
    ) async throws(APIError) -> Int64? {
        var offset: Int64 = 0
        var tag: String?
        while true {
            var headers = [HTTPHeader("Range", "bytes=\(offset)-\(offset + Self.length - 1)")]
            // What was put in its place meanwhile must not be joined to it.
            if let tag { headers.append(HTTPHeader("If-Match", tag)) }
            let answer = try await fetch(headers)
            if answer.status == 404 { return nil }
            // Nothing has no first byte, and after the last one there is none.
            if answer.status == 416 { return offset }
            tag = tag ?? answer.response[header: "ETag"]
            guard let total = try total(in: answer, from: offset) else { return offset }
            try sink(answer.response.body)
            offset += Int64(answer.response.body.count)
            if offset >= total { return offset }
        }
    }

    /// The size of the whole thing; `nil` where an empty answer ends it.
    private func total(in answer: APIAnswer, from offset: Int64) throws(APIError) -> Int64? {
        let body = answer.response.body
        guard answer.status == 206 else {
            guard offset == 0, !answer.response.isTruncated else {
                throw malformed("the server sends no parts of it, and the whole is too large", answer)
            }
            return body.isEmpty ? nil : Int64(body.count)
        }
        // bytes 0-99/1000
        let fields = answer.response[header: "Content-Range"]?.split(whereSeparator: { " -/".contains($0) }) ?? []
        guard fields.count == 4, Int64(fields[1]) == offset, let last = Int64(fields[2]), let total = Int64(fields[3]),
            last - offset + 1 == body.count, last < total, !body.isEmpty
        else {
            throw malformed("a part came that was not asked for", answer)
        }
        return total
    }

    private func malformed(_ detail: String, _ answer: APIAnswer) -> APIError {
        APIError(.malformed, what, status: answer.status, detail: detail, response: answer.response)
    }
}
