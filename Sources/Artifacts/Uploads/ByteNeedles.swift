/// Finds any of several byte strings, faster than it could read every byte: Wu and Manber, "A Fast Algorithm for
/// Multi-Pattern Searching" (1994), with blocks of two bytes.
struct ByteNeedles: Sendable {
    private let needles: [[UInt8]]
    /// Bytes of the shortest; the algorithm sees only so many of each.
    private let width: Int
    /// How far to go on, by the two bytes at the end of the window.
    private let shifts: [UInt8]
    /// The needles whose window ends in two bytes.
    private let buckets: [UInt16: [Int]]

    /// Of the longest one.
    let longest: Int

    /// - Parameter needles: each of two bytes at least.
    init(_ needles: [[UInt8]]) {
        let width = min(needles.map(\.count).min() ?? 2, 255)
        var shifts = [UInt8](repeating: UInt8(width - 1), count: 1 << 16)
        var buckets: [UInt16: [Int]] = [:]
        for (index, needle) in needles.enumerated() {
            for end in 1..<width {
                let block = Self.block(needle[end - 1], needle[end])
                shifts[Int(block)] = min(shifts[Int(block)], UInt8(width - 1 - end))
                if end == width - 1 { buckets[block, default: []].append(index) }
            }
        }
        self.needles = needles
        self.width = width
        self.shifts = shifts
        self.buckets = buckets
        longest = needles.map(\.count).max() ?? 0
    }

    /// The index of a needle that is in the bytes; `nil` if none is.
    func first(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard !needles.isEmpty else { return nil }
        return shifts.withUnsafeBufferPointer { shifts in
            var end = width - 1
            while end < bytes.count {
                let block = Self.block(bytes[end - 1], bytes[end])
                let shift = Int(shifts[Int(block)])
                if shift > 0 {
                    end += shift
                    continue
                }
                if let found = needle(endingIn: block, at: end - width + 1, in: bytes) { return found }
                end += 1
            }
            return nil
        }
    }

    private func needle(endingIn block: UInt16, at start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        buckets[block]?.first { index in
            let needle = needles[index]
            guard start + needle.count <= bytes.count else { return false }
            for offset in 0..<needle.count where bytes[start + offset] != needle[offset] { return false }
            return true
        }
    }

    private static func block(_ first: UInt8, _ second: UInt8) -> UInt16 { UInt16(first) << 8 | UInt16(second) }
}
