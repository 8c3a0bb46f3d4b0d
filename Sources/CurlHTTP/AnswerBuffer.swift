import CICore

/// An answer as it comes in, within its limits.
struct AnswerBuffer {
    /// Header lines that an answer may have, those of interim answers and trailers included.
    static let maximumHeaderLines = 500
    /// Bytes that they may have together.
    static let maximumHeaderBytes = 256 << 10

    private(set) var headers: [HTTPHeader] = []
    private(set) var body: [UInt8] = []
    private(set) var isTruncated = false
    private var version: String?
    private let limit: Int
    private var lines = 0
    private var bytes = 0
    private var isInHead = false

    /// - Parameter limit: bytes of the body that are kept.
    init(limit: Int) { self.limit = max(0, limit) }

    /// One line with its line break; `false` if the header gets too large.
    mutating func take(headerLine line: UnsafeRawBufferPointer) -> Bool {
        lines += 1
        bytes += line.count
        guard lines <= Self.maximumHeaderLines, bytes <= Self.maximumHeaderBytes else { return false }
        let text = String(decoding: line, as: UTF8.self).trimmingSpaces()
        if text.isEmpty {
            isInHead = false
        } else if !isInHead, text.hasPrefix("HTTP/") {
            // The answer after an interim one begins anew.
            headers = []
            isInHead = true
            version = String(text.dropFirst("HTTP/".count).prefix { $0.isNumber || $0 == "." })
        } else if isInHead {
            take(headerText: text, isContinuation: line.first.map { $0 == 0x20 || $0 == 0x09 } ?? false)
        }
        return true
    }

    private mutating func take(headerText text: Substring, isContinuation: Bool) {
        if isContinuation, let last = headers.popLast(), case .text(let before) = last.value {
            headers.append(HTTPHeader(last.name, "\(before) \(text)"))
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...]
            headers.append(HTTPHeader(String(text[..<colon]), String(value.trimmingSpaces())))
        }
    }

    /// Part of the body; `false` if there is more than is wanted.
    mutating func take(body part: UnsafeRawBufferPointer) -> Bool {
        let room = limit - body.count
        body.append(contentsOf: part.prefix(room))
        isTruncated = part.count > room
        return !isTruncated
    }

    /// The answer, now that all of it is there or enough.
    func response(status: Int) -> HTTPResponse {
        HTTPResponse(status: status, headers: headers, body: body, isTruncated: isTruncated, version: version)
    }
}

extension StringProtocol where SubSequence == Substring {
    /// Without the white space of header lines at both ends.
    fileprivate func trimmingSpaces() -> Substring {
        func isSpace(_ character: Character) -> Bool { character.isASCII && character.isWhitespace }
        let head = drop(while: isSpace)
        guard let last = head.lastIndex(where: { !isSpace($0) }) else { return "" }
        return head[...last]
    }
}
