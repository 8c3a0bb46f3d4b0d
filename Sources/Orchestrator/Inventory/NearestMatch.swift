/// Finds what somebody probably meant.
package enum NearestMatch {
    /// The candidate with the fewest edits (insert, delete, replace, swap), if they are at most a third of the word, else
    /// the first that begins with the same four letters; upper and lower case are one, and so are `-` and `_`.
    package static func of(_ word: String, in candidates: some Sequence<String>) -> String? {
        let wanted = letters(of: word)
        let bound = max(1, wanted.count / 3)
        var best: (candidate: String, edits: Int)?
        var kin: String?
        for candidate in candidates {
            let letters = letters(of: candidate)
            if kin == nil, letters.count >= 4, wanted.starts(with: letters.prefix(4)) { kin = candidate }
            let edits = distance(wanted, letters)
            if edits <= bound, edits < best?.edits ?? .max { best = (candidate, edits) }
        }
        return best?.candidate ?? kin
    }

    private static func letters(of word: String) -> [Unicode.Scalar] {
        word.lowercased().unicodeScalars.prefix(64).map { $0 == "_" ? "-" : $0 }
    }

    /// The optimal string alignment distance.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let same = left[row] == right[column]
                var edits = min(last[column] + (same ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    edits = min(edits, beforeLast[column - 1] + 1)
                }
                current.append(edits)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
