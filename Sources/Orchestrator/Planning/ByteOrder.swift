/// Orders many identifiers by their UTF-8 bytes.
///
/// Identifiers share long prefixes, which makes comparing them pairwise slow: here each round sorts by the eight bytes
/// after the common prefix as one integer, and only ties go into another round.
enum ByteOrder {
    /// The positions of the texts in ascending order; equal texts keep their order.
    static func ranking(of texts: some Collection<String>) -> [Int32] { ranking(of: TextArena(texts)) }

    /// The positions of the texts in ascending order; equal texts keep their order.
    static func ranking(of arena: TextArena) -> [Int32] {
        var positions = (0..<Int32(arena.count)).map { $0 }
        arena.withTexts { texts in
            if !texts.areAscending { sort(&positions, 0..<positions.count, texts, from: 0) }
        }
        return positions
    }

    private typealias Keyed = (key: UInt64, position: Int32, length: Int32)

    private static func sort(
        _ positions: inout [Int32], _ range: Range<Int>, _ texts: TextArena.Texts, from start: Int
    ) {
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
    private static func commonPrefix(
        of positions: ArraySlice<Int32>, _ texts: TextArena.Texts, from start: Int
    ) -> Int {
        guard let first = positions.first else { return start }
        let model = texts[Int(first)]
        var shared = model.count
        for position in positions.dropFirst() {
            guard shared > start else { return start }
            let text = texts[Int(position)]
            shared = firstDifference(of: text, model, from: start, to: min(shared, text.count))
        }
        return max(shared, start)
    }

    /// The first place within the range where the texts differ, else its end; eight bytes at a time.
    private static func firstDifference(
        of left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer, from start: Int, to end: Int
    ) -> Int {
        var index = start
        while index + 8 <= end {
            let difference = word(of: left, at: index) ^ word(of: right, at: index)
            if difference != 0 { return index + difference.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < end, left[index] == right[index] { index += 1 }
        return index
    }

    private static func word(of text: UnsafeRawBufferPointer, at start: Int) -> UInt64 {
        UInt64(littleEndian: text.loadUnaligned(fromByteOffset: start, as: UInt64.self))
    }

    /// Up to eight bytes as a big-endian number, and how many there were.
    private static func digit(of text: UnsafeRawBufferPointer, at start: Int) -> (key: UInt64, length: Int32) {
        let length = max(0, min(8, text.count - start))
        if length == 8 { return (UInt64(bigEndian: text.loadUnaligned(fromByteOffset: start, as: UInt64.self)), 8) }
        var key: UInt64 = 0
        for index in 0..<length { key |= UInt64(text[start + index]) << UInt64(56 - 8 * index) }
        return (key, Int32(length))
    }
}
