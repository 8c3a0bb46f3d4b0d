/// Finds where a JSON text stops being one: the decoder says that something is wrong, people need to know where.
enum JSONSyntax {
    /// 1-based; the column counts bytes.
    struct Position: Equatable {
        var line: Int
        var column: Int
    }

    /// The first byte that can't stand where it is, or the end of a text that is cut off; `nil` for valid JSON.
    static func firstError(in bytes: [UInt8]) -> Position? {
        var scanner = Scanner(bytes: bytes)
        guard let index = scanner.firstError() else { return nil }
        let before = bytes[..<min(index, bytes.count)]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return Position(line: line, column: before.count - start + 1)
    }

    /// What is wrong, in a few words; `nil` for valid JSON.
    static func problem(in bytes: [UInt8]) -> String? {
        var scanner = Scanner(bytes: bytes)
        guard let index = scanner.firstError() else { return nil }
        guard index < bytes.count else { return "the JSON ends in the middle" }
        let byte = bytes[index]
        let shown = (0x21...0x7E).contains(byte) ? "\"\(Character(Unicode.Scalar(byte)))\"" : "byte \(byte)"
        return "this is no JSON: unexpected \(shown)"
    }

    /// A recogniser that keeps its own stack, so that deep nesting can't overflow the real one.
    private struct Scanner {
        let bytes: [UInt8]
        private var index = 0
        /// The closing brackets that are owed.
        private var stack: [UInt8] = []

        init(bytes: [UInt8]) { self.bytes = bytes }

        mutating func firstError() -> Int? {
            guard value() else { return index }
            while let closing = stack.last {
                skipSpace()
                if current == closing {
                    index += 1
                    stack.removeLast()
                } else if current == UInt8(ascii: ",") {
                    index += 1
                    guard member(of: closing) else { return index }
                } else {
                    return index
                }
            }
            skipSpace()
            return index == bytes.count ? nil : index
        }

        private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

        /// A value; of an array or object all up to the end of its first element, the rest is owed to the stack.
        private mutating func value() -> Bool {
            while true {
                skipSpace()
                switch current {
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    let closing = bytes[index] + 2
                    index += 1
                    stack.append(closing)
                    skipSpace()
                    if current == closing { return true }
                    if closing == UInt8(ascii: "}"), !key() { return false }
                case UInt8(ascii: "\""): return string()
                case UInt8(ascii: "t"): return word("true")
                case UInt8(ascii: "f"): return word("false")
                case UInt8(ascii: "n"): return word("null")
                default: return number()
                }
            }
        }

        private mutating func member(of closing: UInt8) -> Bool {
            (closing == UInt8(ascii: "]") || key()) && value()
        }

        private mutating func key() -> Bool {
            skipSpace()
            guard string() else { return false }
            skipSpace()
            guard current == UInt8(ascii: ":") else { return false }
            index += 1
            return true
        }

        private mutating func string() -> Bool {
            guard current == UInt8(ascii: "\"") else { return false }
            index += 1
            while let byte = current {
                if byte < 0x20 { return false }
                index += byte == UInt8(ascii: "\\") ? 2 : 1
                if byte == UInt8(ascii: "\"") { return true }
            }
            index = min(index, bytes.count)
            return false
        }

        private mutating func word(_ word: StaticString) -> Bool {
            let end = min(index + word.utf8CodeUnitCount, bytes.count)
            let matches = word.withUTF8Buffer { bytes[index..<end].elementsEqual($0) }
            if matches { index = end }
            return matches
        }

        private mutating func number() -> Bool {
            let start = index
            while let byte = current, "+-.eE0123456789".utf8.contains(byte) { index += 1 }
            guard Double(String(decoding: bytes[start..<index], as: UTF8.self)) == nil else { return true }
            index = start
            return false
        }

        private mutating func skipSpace() {
            while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { index += 1 }
        }
    }
}
