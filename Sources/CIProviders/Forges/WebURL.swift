/// What others can follow.
enum WebURL {
    /// Whether a host that others than this machine and its neighbours can know stands in a URL.
    static func isPublic(_ url: String) -> Bool {
        guard let host = RepositoryURL.host(of: url), host.contains("."), !host.hasPrefix("[") else { return false }
        let isLocalName = [".local", ".localhost", ".internal", ".lan"].contains { host.hasSuffix($0) }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard numbers.count == 4, !numbers.contains(nil) else { return !isLocalName }
        switch (numbers[0] ?? 0, numbers[1] ?? 0) {
        case (0, _), (10, _), (127, _), (169, 254), (172, 16...31), (192, 168): return false
        default: return true
        }
    }
}
