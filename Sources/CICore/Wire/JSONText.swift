/// JSON for people's eyes.
package enum JSONText {
    /// The same document with a line for each member and two spaces a level, ending with a line feed.
    package static func indented(_ json: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var depth = 0
        var isInString = false
        var isEscaped = false
        for (index, byte) in json.enumerated() {
            if isInString {
                result.append(byte)
                isInString = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                continue
            }
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                result.append(byte)
                depth += 1
                if !isClosing(json, at: index + 1) { breakLine(depth, &result) }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if index > 0, json[index - 1] != UInt8(ascii: "{"), json[index - 1] != UInt8(ascii: "[") {
                    breakLine(depth, &result)
                }
                result.append(byte)
            case UInt8(ascii: ","):
                result.append(byte)
                breakLine(depth, &result)
            case UInt8(ascii: ":"): result += ": ".utf8
            default:
                result.append(byte)
                isInString = byte == UInt8(ascii: "\"")
            }
        }
        return result + "\n".utf8
    }

    private static func isClosing(_ json: [UInt8], at index: Int) -> Bool {
        index < json.count && "}]".utf8.contains(json[index])
    }

    private static func breakLine(_ depth: Int, _ result: inout [UInt8]) {
        result += "\n".utf8
        result += repeatElement(UInt8(ascii: " "), count: max(0, depth) * 2)
    }
}
