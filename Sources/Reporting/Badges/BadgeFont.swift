/// A font and size that badges are drawn in, and how wide text is in it.
enum BadgeFont: Sendable, CaseIterable {
    case verdana11
    case verdana10
    case verdanaBold10
    case helveticaBold11

    /// The width of text in hundredths of a pixel: the sum of its characters' widths, without kerning.
    func width(of text: [UInt8]) -> Int {
        let direct = directWidths
        return direct.withUnsafeBufferPointer { table in
            var sum = 0
            var characters = CodePoints(text)
            while let point = characters.next() {
                guard point >= Self.first else { continue }
                let index = Int(point - Self.first)
                sum += index < table.count ? Int(table[index]) : Self.otherWidth(of: point) * size / 11
            }
            return sum
        }
    }

    private static let first: UInt32 = 0x20

    private var size: Int { self == .verdana11 || self == .helveticaBold11 ? 11 : 10 }

    private var directWidths: [UInt16] {
        switch self {
        case .verdana11: DirectWidths.verdana11
        case .verdana10: DirectWidths.verdana10
        case .verdanaBold10: DirectWidths.verdanaBold10
        case .helveticaBold11: DirectWidths.helveticaBold11
        }
    }

    /// At 11 px. O(log runs).
    private static func otherWidth(of point: UInt32) -> Int {
        var low = 0
        var high = OtherWidths.starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if OtherWidths.starts[middle] <= point { low = middle } else { high = middle }
        }
        return Int(OtherWidths.widths[low])
    }
}

/// The code points of valid UTF-8.
private struct CodePoints {
    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> UInt32? {
        guard at < bytes.count else { return nil }
        let lead = bytes[at]
        at += 1
        guard lead >= 0x80 else { return UInt32(lead) }
        let trailing = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1
        var point = UInt32(lead & (0x3F >> UInt8(trailing)))
        for _ in 0..<trailing where at < bytes.count {
            point = point << 6 | UInt32(bytes[at] & 0x3F)
            at += 1
        }
        return point
    }
}
