/// What stands before a root element: declaration, comments, DOCTYPE, and whatever else a log put there.
///
/// It is dropped, not parsed: so no DTD and no declared encoding ever reaches libxml2.
struct XMLProlog {
    /// What was found.
    enum Finding: Equatable {
        /// The root's `<` stands at this place.
        case root(at: Int)
        /// Bytes before this place are done with; more is needed.
        case more(from: Int)
    }

    /// Whether something was passed over that is neither white space nor prolog.
    private(set) var sawNoise = false
    private(set) var sawDoctype = false
    /// Constructs longer than this are taken for noise.
    private let limit: Int
    private let isRoot: (UnsafeBufferPointer<UInt8>) -> Bool

    /// `isRoot` says whether a report may start with an element of this name; it is asked once noise was seen.
    init(limit: Int, isRoot: @escaping (UnsafeBufferPointer<UInt8>) -> Bool) {
        self.limit = limit
        self.isRoot = isRoot
    }

    /// Looks for the root element.
    mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) -> Finding {
        var index = 0
        while let open = nextOpening(in: bytes, from: index) {
            switch construct(in: bytes, at: open) {
            case .root: return .root(at: open)
            case .incomplete where bytes.count - open < limit: return .more(from: open)
            case .incomplete, .noise:
                sawNoise = true
                index = open + 1
            case .complete(let end): index = end
            }
        }
        return .more(from: bytes.count)
    }

    private enum Construct {
        case root
        case complete(end: Int)
        case incomplete
        case noise
    }

    private mutating func nextOpening(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        let open = ByteSearch.first(UInt8(ascii: "<"), in: bytes, from: start)
        if !sawNoise, bytes[start..<(open ?? bytes.count)].contains(where: { !ReportHead.isSpace($0) }) {
            sawNoise = true
        }
        return open
    }

    private mutating func construct(in bytes: UnsafeBufferPointer<UInt8>, at open: Int) -> Construct {
        let rest = bytes.part(open..<bytes.count)
        guard rest.count > 1 else { return .incomplete }
        switch rest[1] {
        case UInt8(ascii: "?"):
            return end(of: rest, after: 2, terminator: "?>", at: open)
        case UInt8(ascii: "!"):
            if rest.count < 9 { return .incomplete }
            if rest.hasPrefix("<!--") { return end(of: rest, after: 4, terminator: "-->", at: open) }
            guard rest.hasPrefix("<!DOCTYPE") else { return .noise }
            sawDoctype = true
            guard let end = Self.endOfDoctype(rest) else { return .incomplete }
            return .complete(end: open + end)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), 0x80...:
            guard sawNoise else { return .root }
            guard let name = Self.name(in: rest) else { return .incomplete }
            return isRoot(name) ? .root : .noise
        default:
            return .noise
        }
    }

    private func end(
        of rest: UnsafeBufferPointer<UInt8>, after start: Int, terminator: StaticString, at open: Int
    ) -> Construct {
        guard let end = ByteSearch.first(terminator, in: rest, from: start) else { return .incomplete }
        return .complete(end: open + end + terminator.utf8CodeUnitCount)
    }

    /// The local name after `<`; `nil` if it may go on.
    private static func name(in rest: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
        var start = 1
        for index in 1..<rest.count {
            switch rest[index] {
            case UInt8(ascii: ":"): start = index + 1
            case 0x09...0x0D, 0x20, UInt8(ascii: ">"), UInt8(ascii: "/"): return rest.part(start..<index)
            default: if index > 128 { return rest.part(start..<index) }
            }
        }
        return nil
    }

    /// The place after the `>` that ends it, which may hold an internal subset with brackets, quotes and comments.
    private static func endOfDoctype(_ rest: UnsafeBufferPointer<UInt8>) -> Int? {
        var depth = 0
        var quote: UInt8?
        var index = 9
        while index < rest.count {
            let byte = rest[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: "<"), rest.part(index..<rest.count).hasPrefix("<!--") {
                guard let end = ByteSearch.first("-->", in: rest, from: index + 4) else { return nil }
                index = end + 2
            } else if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "<") {
                depth += 1
            } else if byte == UInt8(ascii: "]") {
                depth -= 1
            } else if byte == UInt8(ascii: ">") {
                if depth <= 0 { return index + 1 }
                depth -= 1
            }
            index += 1
        }
        return nil
    }
}
