/// Hosts that are reached without a proxy, read as libcurl reads `NO_PROXY`: names with all that is below them, addresses,
/// networks such as `10.0.0.0/8`, and `*` for everything.
struct NoProxyList: Sendable, Hashable {
    private let entries: [String]

    init(_ text: String) { entries = text.split { $0 == "," || $0 == " " || $0 == "\t" }.map(String.init) }

    /// The first entry that covers the host of a URL.
    func entry(for url: String) -> String? {
        let host = Self.host(of: url)
        guard !host.isEmpty else { return nil }
        return entries.first { Self.covers($0, host) }
    }

    private static func covers(_ entry: String, _ host: String) -> Bool {
        if entry == "*" { return true }
        if let address = IPv4Address(host) {
            let parts = entry.split(separator: "/", omittingEmptySubsequences: false)
            guard let network = IPv4Address(parts[0]) else { return false }
            guard parts.count == 2 else { return parts.count == 1 && network == address }
            guard let bits = UInt32(parts[1]), bits <= 32 else { return false }
            return address.network(bits) == network.network(bits)
        }
        let name = entry.lowercased().trimmingDots
        return !name.isEmpty && (host == name || host.hasSuffix("." + name))
    }

    /// In lower case, without user, port, brackets and a dot at its end.
    private static func host(of url: String) -> String {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let authority = rest.prefix { !"/?#".contains($0) }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        if host.hasPrefix("[") { return host.dropFirst().prefix { $0 != "]" }.lowercased() }
        return host.prefix { $0 != ":" }.lowercased().trimmingDots
    }
}

extension String {
    /// Without a dot at either end.
    fileprivate var trimmingDots: String {
        var text = self[...]
        if text.hasPrefix(".") { text = text.dropFirst() }
        if text.hasSuffix(".") { text = text.dropLast() }
        return String(text)
    }
}

/// Four numbers with dots.
private struct IPv4Address: Hashable {
    private let value: UInt32

    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard let part else { return nil }
            value = value << 8 | UInt32(part)
        }
        self.value = value
    }

    /// The first so many bits.
    func network(_ bits: UInt32) -> UInt32 { bits == 0 ? 0 : value >> (32 - bits) }
}
