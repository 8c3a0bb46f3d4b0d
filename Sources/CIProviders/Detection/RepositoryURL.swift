/// What a repository's URL tells: never its credentials.
package struct RepositoryURL: Sendable, Hashable {
    package let host: String
    /// `owner/name`, with every group between them.
    package let slug: String

    /// Reads `https://…`, `ssh://…`, `git://…` and `git@host:owner/name.git`; `nil` for local paths and everything else.
    package init?(_ text: String) {
        guard let host = Self.host(of: text) else { return nil }
        var path: Substring
        if let scheme = text.firstRange(of: "://") {
            path = text[scheme.upperBound...].drop { $0 != "/" }
        } else {
            path = text.drop { $0 != ":" }.dropFirst()
        }
        path = path.prefix { $0 != "?" && $0 != "#" }
        var parts = path.split(separator: "/").map(String.init)
        // Bitbucket Data Center puts `scm/`, Azure DevOps `_git/` and `v3/` into its paths.
        if parts.first == "scm" || parts.first == "v3" { parts.removeFirst() }
        parts.removeAll { $0 == "_git" }
        guard parts.count >= 2, let name = parts.popLast() else { return nil }
        self.host = host
        slug = (parts + [name.hasSuffix(".git") ? String(name.dropLast(4)) : name]).joined(separator: "/")
    }

    /// The host of a URL, in lower case and without user and port.
    static func host(of text: String) -> String? {
        let authority: Substring
        if let scheme = text.firstRange(of: "://") {
            guard !text.hasPrefix("file:") else { return nil }
            authority = text[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        } else {
            guard let colon = text.firstIndex(of: ":"), !text[..<colon].contains("/") else { return nil }
            authority = text[..<colon]
        }
        let hostAndPort = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let host = hostAndPort.prefix { $0 != ":" }.lowercased()
        return host.isEmpty ? nil : host
    }

    /// The forge that a host's name gives away; `nil` for a company's own names.
    static func forge(_ host: String) -> String? {
        let known: [(word: String, forge: String)] = [
            ("github", "github"), ("gitlab", "gitlab"), ("bitbucket", "bitbucket"), ("dev.azure.com", "azure-repos"),
            ("visualstudio.com", "azure-repos"), ("codeberg.org", "forgejo"), ("forgejo", "forgejo"),
            ("gitea", "gitea"),
        ]
        return known.first { host.contains($0.word) }?.forge
    }
}
