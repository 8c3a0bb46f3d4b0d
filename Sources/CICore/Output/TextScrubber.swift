/// The state of `SafeText` between two bytes.
struct TextScrubber {
    private(set) var bytes: [UInt8]
    private let breaksLines: Bool
    private let keepsTabs: Bool
    /// Where in `bytes` the current line starts.
    private var lineStart: Int
    /// Whether the current line holds nothing but white space.
    private var isBlank = true

    init(breaksLines: Bool, keepsTabs: Bool = false, output: [UInt8] = []) {
        bytes = output
        lineStart = output.count
        self.breaksLines = breaksLines
        self.keepsTabs = keepsTabs || breaksLines
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func append(_ text: String) {
        var copy = text
        copy.withUTF8 { append($0) }
    }

    mutating func append(_ input: UnsafeBufferPointer<UInt8>) {
        var index = 0
        while index < input.count {
            let run = Self.plainRun(in: input, from: index)
            if run > index {
                bytes.append(contentsOf: input[index..<run])
                isBlank = false
                index = run
                continue
            }
            index = appendSpecial(input, at: index)
        }
    }

    /// The end of the longest run of letters, digits and the like, none of which can be part of a command's start.
    private static func plainRun(in input: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        while index < input.count, isPlain(input[index]) { index += 1 }
        return index
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: ":") && byte != UInt8(ascii: "[")
    }

    /// Takes one character or escape sequence that is not plain and returns the index after it.
    private mutating func appendSpecial(_ input: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let byte = input[index]
        switch byte {
        case UInt8(ascii: " "):
            bytes.append(byte)
        case UInt8(ascii: "\n"):
            breakLine()
        case UInt8(ascii: "\r"):
            let isPair = index + 1 < input.count && input[index + 1] == UInt8(ascii: "\n")
            if !isPair { breakLine() }
        case UInt8(ascii: "\t"):
            bytes.append(keepsTabs ? byte : UInt8(ascii: " "))
        case UInt8(ascii: ":"):
            appendColon()
        case UInt8(ascii: "["):
            appendBracket()
        case 0x1B:
            return EscapeSequence.end(in: input, from: index)
        case 0x80...:
            return appendScalar(input, at: index)
        default:
            break
        }
        return index + 1
    }

    private mutating func breakLine() {
        guard breaksLines else { return bytes.append(UInt8(ascii: " ")) }
        bytes.append(UInt8(ascii: "\n"))
        lineStart = bytes.count
        isBlank = true
    }

    private mutating func appendColon() {
        if bytes.count > lineStart, bytes.last == UInt8(ascii: ":"), startsLine(bytes.count - 1) {
            bytes.append(UInt8(ascii: " "))
        }
        bytes.append(UInt8(ascii: ":"))
    }

    /// A colon doesn't end blankness, so that a second one is still seen as the start of the line.
    private func startsLine(_ position: Int) -> Bool { isBlank && position >= lineStart }

    private mutating func appendBracket() {
        var index = bytes.count
        while index > lineStart, Self.isLetter(bytes[index - 1]) { index -= 1 }
        if index - 2 >= lineStart, bytes[index - 1] == UInt8(ascii: "#"), bytes[index - 2] == UInt8(ascii: "#") {
            bytes.insert(UInt8(ascii: " "), at: index - 1)
        }
        bytes.append(UInt8(ascii: "["))
        isBlank = false
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }

    private mutating func appendScalar(_ input: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let (scalar, length) = UTF8Scan.scalar(in: input, at: index)
        guard let scalar else {
            bytes.append(contentsOf: [0xEF, 0xBF, 0xBD])
            isBlank = false
            return index + length
        }
        switch scalar.value {
        case 0x80...0x9F, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF, 0xE0000...0xE007F:
            break
        case 0x2028, 0x2029:
            breakLine()
        default:
            bytes.append(contentsOf: input[index..<index + length])
            if !scalar.properties.isWhitespace { isBlank = false }
        }
        return index + length
    }
}

/// Terminal escape sequences (ECMA-48).
private enum EscapeSequence {
    /// The index after the sequence that starts at `start` with ESC; an unfinished one ends at the line's end.
    static func end(in input: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let index = start + 1
        guard index < input.count else { return index }
        switch input[index] {
        case UInt8(ascii: "["):
            return afterParameters(input, from: index + 1)
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
            return afterString(input, from: index + 1)
        case 0x20...0x2F:
            return min(index + 2, input.count)
        case 0x30...0x7E:
            return index + 1
        default:
            return index
        }
    }

    private static func afterParameters(_ input: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        while index < input.count, (0x20...0x3F).contains(input[index]) { index += 1 }
        return index < input.count && (0x40...0x7E).contains(input[index]) ? index + 1 : index
    }

    /// Strings end with BEL or ESC `\`; one that doesn't within its line is taken for text from there on.
    private static func afterString(_ input: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        while index < input.count, input[index] >= 0x20 { index += 1 }
        guard index < input.count else { return index }
        if input[index] == 0x07 { return index + 1 }
        let isTerminator = input[index] == 0x1B && index + 1 < input.count && input[index + 1] == UInt8(ascii: "\\")
        return isTerminator ? index + 2 : index
    }
}
