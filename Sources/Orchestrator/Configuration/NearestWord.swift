/// Finds what somebody probably meant to write.
package enum NearestWord {
    /// The word most like the one given; `nil` if none is like it. Ties go to the first in alphabetical order.
    package static func nearest(to given: String, among words: [String]) -> String? {
        let given = normalised(given)
        guard !given.isEmpty, given.count <= 64 else { return nil }
        let ranked = words.sorted().map { (word: $0, distance: distance(given, normalised($0))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        if best.distance <= max(1, given.count / 3) { return best.word }
        return ranked.first { commonPrefix(given, normalised($0.word)) >= 4 }?.word
    }

    private static func normalised(_ word: String) -> [UInt8] {
        Array(word.lowercased().utf8).map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }
    }

    private static func commonPrefix(_ left: [UInt8], _ right: [UInt8]) -> Int {
        zip(left, right).prefix { $0 == $1 }.count
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, leftByte) in left.enumerated() {
            var current = [row + 1]
            for (column, rightByte) in right.enumerated() {
                var cost = min(last[column + 1], current[column]) + 1
                cost = min(cost, last[column] + (leftByte == rightByte ? 0 : 1))
                if row > 0, column > 0, leftByte == right[column - 1], left[row - 1] == rightByte {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
