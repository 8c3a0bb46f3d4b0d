/// Writes `{a,b}` out into one pattern for each alternative.
enum GlobBraces {
    /// More alternatives than anyone writes; what is beyond stands for itself.
    private static let limit = 1024

    /// The patterns without braces, in order; nested braces too.
    static func expand(_ pattern: [UInt8]) -> [[UInt8]] {
        var done: [[UInt8]] = []
        var open: [[UInt8]] = [pattern]
        while let next = open.popLast() {
            if done.count + open.count < limit, let choices = splitFirst(next) {
                open.append(contentsOf: choices.reversed())
            } else {
                done.append(next)
            }
        }
        return done
    }

    /// The first group with a comma, written out; `nil` if there is none.
    private static func splitFirst(_ pattern: [UInt8]) -> [[UInt8]]? {
        for start in pattern.indices where isActive(pattern, start) && pattern[start] == UInt8(ascii: "{") {
            guard let group = group(in: pattern, from: start), group.parts.count > 1 else { continue }
            return group.parts.map { Array(pattern[..<start] + $0 + pattern[(group.end + 1)...]) }
        }
        return nil
    }

    private static func group(in pattern: [UInt8], from start: Int) -> (parts: [ArraySlice<UInt8>], end: Int)? {
        var depth = 0
        var parts: [ArraySlice<UInt8>] = []
        var partStart = start + 1
        for index in (start + 1)..<pattern.endIndex where isActive(pattern, index) {
            switch pattern[index] {
            case UInt8(ascii: "{"):
                depth += 1
            case UInt8(ascii: "}") where depth > 0:
                depth -= 1
            case UInt8(ascii: "}"):
                return (parts + [pattern[partStart..<index]], index)
            case UInt8(ascii: ",") where depth == 0:
                parts.append(pattern[partStart..<index])
                partStart = index + 1
            default:
                break
            }
        }
        return nil
    }

    /// Whether the byte is not escaped: an even number of backslashes stands before it.
    private static func isActive(_ pattern: [UInt8], _ index: Int) -> Bool {
        var backslashes = 0
        while index - backslashes > pattern.startIndex, pattern[index - backslashes - 1] == UInt8(ascii: "\\") {
            backslashes += 1
        }
        return backslashes.isMultiple(of: 2)
    }
}
