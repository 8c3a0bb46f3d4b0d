/// The outermost structure of a large JSON document, without making values of what is in it.
package enum JSONSlices {
    /// The members of an object as byte ranges of their values; `nil` if the bytes are no object.
    package static func members(of bytes: UnsafeBufferPointer<UInt8>) -> [String: Range<Int>]? {
        var index = skipSpace(bytes, 0)
        guard index < bytes.count, bytes[index] == UInt8(ascii: "{") else { return nil }
        index = skipSpace(bytes, index + 1)
        var members: [String: Range<Int>] = [:]
        while index < bytes.count, bytes[index] != UInt8(ascii: "}") {
            guard let end = endOfValue(bytes, index),
                let key = JSONValue(UnsafeBufferPointer(rebasing: bytes[index..<end]))?.string
            else { return nil }
            index = skipSpace(bytes, end)
            guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else { return nil }
            index = skipSpace(bytes, index + 1)
            guard let valueEnd = endOfValue(bytes, index) else { return nil }
            members[key] = index..<valueEnd
            index = skipSpace(bytes, valueEnd)
            if index < bytes.count, bytes[index] == UInt8(ascii: ",") { index = skipSpace(bytes, index + 1) }
        }
        return index < bytes.count ? members : nil
    }

    /// Calls `body` with each element of an array; `false` if the bytes are no array or `body` refuses one.
    package static func forEachElement(
        of bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Bool {
        var index = skipSpace(bytes, 0)
        guard index < bytes.count, bytes[index] == UInt8(ascii: "[") else { return false }
        index = skipSpace(bytes, index + 1)
        while index < bytes.count, bytes[index] != UInt8(ascii: "]") {
            guard let end = endOfValue(bytes, index), body(UnsafeBufferPointer(rebasing: bytes[index..<end])) else {
                return false
            }
            index = skipSpace(bytes, end)
            if index < bytes.count, bytes[index] == UInt8(ascii: ",") { index = skipSpace(bytes, index + 1) }
        }
        return index < bytes.count
    }

    /// The place after the value that starts at `start`; never `start` itself.
    private static func endOfValue(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        var index = start
        var depth = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                guard let end = endOfString(bytes, index) else { return nil }
                index = end
                if depth == 0 { return index }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return index > start ? index : nil }
                depth -= 1
                if depth == 0 { return index + 1 }
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                if depth == 0 { return index > start ? index : nil }
            default:
                break
            }
            index += 1
        }
        return nil
    }

    private static func endOfString(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        var index = start + 1
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\"") { return index + 1 }
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }

    private static func skipSpace(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] == 0x20 || (bytes[index] >= 0x09 && bytes[index] <= 0x0D) { index += 1 }
        return index
    }
}
