/// Orders many identifiers by their UTF-8 bytes.
///
/// Identifiers share long prefixes, which makes comparing them pairwise slow: here each round sorts by the eight bytes
/// after the common prefix as one integer, and only ties go into another round.
enum ByteOrder {
    /// The positions of `texts` in ascending order; equal texts keep their order.
    static func ranking(of texts: [String]) -> [Int32] {
        var positions = (0..<Int32(texts.count)).map { $0 }
        guard !isAscending(texts) else { return positions }
        var keyed = texts
        for index in keyed.indices { keyed[index].makeContiguousUTF8() }
        sort(&positions, 0..<positions.count, keyed, from: 0)
        return positions
    }

    private static func isAscending(_ texts: [String]) -> Bool {
        for index in texts.indices.dropFirst() where !precedes(texts[index - 1], texts[index]) { return false }
        return true
    }

    /// Whether `left` comes before or is equal to `right`.
    private static func precedes(_ left: String, _ right: String) -> Bool {
        !right.utf8.lexicographicallyPrecedes(left.utf8)
    }
}

private typealias Keyed = (key: UInt64, position: Int32, length: Int32)

extension ByteOrder {
    private static func sort(_ positions: inout [Int32], _ range: Range<Int>, _ texts: [String], from start: Int) {
        guard range.count > 1 else { return }
        let shared = commonPrefix(of: positions[range], texts, from: start)
        var keyed: [Keyed] = positions[range].map { position in
            let (key, length) = digit(of: texts[Int(position)], at: shared)
            return (key, position, length)
        }
        keyed.sort { ($0.key, $0.length, $0.position) < ($1.key, $1.length, $1.position) }
        for (offset, entry) in keyed.enumerated() { positions[range.lowerBound + offset] = entry.position }
        var first = 0
        while first < keyed.count {
            var last = first + 1
            while last < keyed.count, keyed[last].key == keyed[first].key, keyed[last].length == keyed[first].length {
                last += 1
            }
            if last - first > 1, keyed[first].length == 8 {
                sort(&positions, (range.lowerBound + first)..<(range.lowerBound + last), texts, from: shared + 8)
            }
            first = last
        }
    }

    /// How many bytes all of the texts share, counted from the beginning.
    private static func commonPrefix(of positions: ArraySlice<Int32>, _ texts: [String], from start: Int) -> Int {
        guard let first = positions.first else { return start }
        let model = Array(texts[Int(first)].utf8)
        var shared = model.count
        for position in positions.dropFirst() {
            var text = texts[Int(position)]
            text.withUTF8 { bytes in
                var index = start
                let end = min(shared, bytes.count)
                while index < end, bytes[index] == model[index] { index += 1 }
                shared = index
            }
            if shared == start { break }
        }
        return max(shared, start)
    }

    /// Up to eight bytes as a big-endian number, and how many there were.
    private static func digit(of text: String, at start: Int) -> (key: UInt64, length: Int32) {
        var copy = text
        return copy.withUTF8 { bytes in
            var key: UInt64 = 0
            let length = max(0, min(8, bytes.count - start))
            for index in 0..<length { key |= UInt64(bytes[start + index]) << UInt64(56 - 8 * index) }
            return (key, Int32(length))
        }
    }
}
