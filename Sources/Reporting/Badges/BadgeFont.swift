/// A font and size that badges are drawn in, and how wide text is in it.
enum BadgeFont: Sendable, CaseIterable {
    case verdana11
    case verdana10
    case verdanaBold10
    case helveticaBold11

    /// The width of text in hundredths of a pixel: the sum of its characters' widths, without kerning.
    func width(of text: [UInt8]) -> Int {
        directWidths.withUnsafeBufferPointer { table in
            text.withUnsafeBufferPointer { bytes in
                var sum = 0
                var at = 0
                while at < bytes.count {
                    let byte = bytes[at]
                    if byte < 0x80 {
                        if byte >= 0x20 { sum += Int(table[Int(byte &- 0x20)]) }
                        at += 1
                    } else {
                        sum += width(of: Self.codePoint(in: bytes, at: &at), in: table)
                    }
                }
                return sum
            }
        }
    }

    private func width(of point: UInt32, in table: UnsafeBufferPointer<UInt16>) -> Int {
        guard point >= Self.first else { return 0 }
        let index = Int(point - Self.first)
        return index < table.count ? Int(table[index]) : Self.otherWidth(of: point) * size / 11
    }

    /// The code point that a lead byte of valid UTF-8 begins, and the place after it.
    private static func codePoint(in bytes: UnsafeBufferPointer<UInt8>, at index: inout Int) -> UInt32 {
        let lead = bytes[index]
        index += 1
        let trailing = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1
        var point = UInt32(lead & (0x3F >> UInt8(trailing)))
        for _ in 0..<trailing where index < bytes.count {
            point = point << 6 | UInt32(bytes[index] & 0x3F)
            index += 1
        }
        return point
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
