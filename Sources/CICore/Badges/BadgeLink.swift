/// An address that a badge may lead to.
package struct BadgeLink: Sendable, Hashable {
    package let utf8: [UInt8]

    /// `nil` unless it is an `http:` or `https:` address without control characters or blanks.
    package init?(_ address: String) {
        let lower = address.lowercased()
        guard lower.hasPrefix("https://") || lower.hasPrefix("http://") else { return nil }
        guard address.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), address.utf8.count <= 2048 else { return nil }
        utf8 = Array(address.utf8)
    }
}
