import CICore

/// Forms with files (RFC 7578).
enum MultipartForm {
    /// One field.
    struct Field: Sendable, Hashable {
        var name: String
        /// The file's name; `nil` for a plain field.
        var file: String?
        /// In bytes; of a body that was cut, what is left of the whole is counted to its last field.
        var size: Int64
        /// What was kept of it.
        var bytes: [UInt8] = []
    }

    /// The fields of a request's body; empty if it is no such form.
    static func fields(of request: SimulatedRequest) -> [Field] {
        let type = request.headers[header: "Content-Type"] ?? ""
        guard type.hasPrefix("multipart/form-data"), let mark = type.firstRange(of: "boundary=") else { return [] }
        let boundary = type[mark.upperBound...].prefix { $0 != ";" }.filter { $0 != "\"" }
        let line = Array("--\(boundary)".utf8)
        let bytes = request.body.bytes
        var starts = bytes.ranges(of: line).map(\.lowerBound)
        starts.append(bytes.count)
        return zip(starts, starts.dropFirst()).compactMap { start, end in
            field(bytes[(start + line.count)..<end], missing: end == bytes.count ? request.body : nil)
        }
    }

    /// What stands between two boundaries: head, empty line, content.
    private static func field(_ part: ArraySlice<UInt8>, missing body: SimulatedRequest.Body?) -> Field? {
        guard let gap = part.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: part[..<gap.lowerBound], as: UTF8.self)
        guard let name = value("name", in: head) else { return nil }
        let rest = body.map { $0.count - Int64($0.bytes.count) } ?? 0
        // The line break before the next boundary is none of the content's.
        let size = Int64(part[gap.upperBound...].count) + rest - (rest == 0 ? 2 : 0)
        return Field(
            name: name, file: value("filename", in: head), size: max(0, size),
            bytes: Array(part[gap.upperBound...].prefix(Int(max(0, size)))))
    }

    private static func value(_ key: String, in head: String) -> String? {
        guard let start = head.firstRange(of: " \(key)=\"")?.upperBound else { return nil }
        return String(head[start...].prefix { $0 != "\"" })
    }
}
