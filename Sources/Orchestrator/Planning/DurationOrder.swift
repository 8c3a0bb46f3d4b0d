/// Sorts positions by duration.
enum DurationOrder {
    private static let digitBits = 11

    /// The positions of `durations`, longest first; equal durations keep their order.
    ///
    /// A radix sort by the least significant digit first: linear in the count and independent of the values' order.
    static func descending(_ durations: [Int64]) -> [Int32] {
        let largest = UInt64(durations.max() ?? 0)
        var positions = (0..<Int32(durations.count)).map { $0 }
        var keys = durations.map { largest - UInt64($0) }
        let span = largest - UInt64(durations.min() ?? 0)
        var otherPositions = positions
        var otherKeys = keys
        var shift = 0
        while shift < UInt64.bitWidth, span >> UInt64(shift) != 0 {
            scatter(keys, positions, into: &otherKeys, &otherPositions, shift: UInt64(shift))
            swap(&keys, &otherKeys)
            swap(&positions, &otherPositions)
            shift += digitBits
        }
        return positions
    }

    private static func scatter(
        _ keys: [UInt64], _ positions: [Int32], into newKeys: inout [UInt64], _ newPositions: inout [Int32],
        shift: UInt64
    ) {
        let mask = UInt64(1 << digitBits) - 1
        var next = [Int](repeating: 0, count: 1 << digitBits)
        for key in keys { next[Int((key >> shift) & mask)] += 1 }
        var sum = 0
        for digit in next.indices { (next[digit], sum) = (sum, sum + next[digit]) }
        newKeys.withUnsafeMutableBufferPointer { newKeys in
            newPositions.withUnsafeMutableBufferPointer { newPositions in
                for index in keys.indices {
                    let digit = Int((keys[index] >> shift) & mask)
                    newKeys[next[digit]] = keys[index]
                    newPositions[next[digit]] = positions[index]
                    next[digit] += 1
                }
            }
        }
    }
}
