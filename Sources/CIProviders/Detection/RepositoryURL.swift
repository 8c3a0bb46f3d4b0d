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
        guard !host.isEmpty, host.utf8.allSatisfy(Self.isHostByte) else { return nil }
        return aliases[host] ?? host
    }

    /// Names of the same machines for SSH over other ports.
    private static let aliases = [
        "ssh.github.com": "github.com", "www.github.com": "github.com", "altssh.gitlab.com": "gitlab.com",
        "altssh.bitbucket.org": "bitbucket.org",
    ]

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), 0x80...: true
        default: false
        }
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

extension RepositoryURL {
    /// How the forges write the page of a pull request, before its number.
    private static let changeWords: [(words: [String], forge: String)] = [
        (["-", "merge_requests"], "gitlab"), (["merge_requests"], "gitlab"), (["pull-requests"], "bitbucket"),
        (["pullrequest"], "azure-repos"), (["pulls"], "gitea"), (["pull"], "github"),
    ]

    /// The repository of a pull request's page, and the forge that the page's form is of; `nil` for other pages.
    private static func change(_ url: String) -> (parts: [String], forge: String)? {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        let parts = url[scheme.upperBound...].split(separator: "/").dropFirst().map(String.init)
        for form in changeWords {
            guard let word = parts.lastIndex(of: form.words[form.words.count - 1]), word + 1 < parts.count,
                parts[word + 1].first?.isNumber == true
            else { continue }
            let start = word + 1 - form.words.count
            guard start > 0, Array(parts[start...word]) == form.words else { continue }
            // Bitbucket Data Center: /projects/KEY/repos/name/pull-requests/1
            let noise = form.forge == "bitbucket" ? ["projects", "users", "repos"] : ["_git"]
            return (parts[..<start].filter { !noise.contains($0) }, form.forge)
        }
        return nil
    }

    /// The repository that a pull request's page belongs to.
    init?(change url: String) {
        guard let host = Self.host(of: url), let change = Self.change(url), change.parts.count >= 2 else { return nil }
        self.host = host
        slug = change.parts.joined(separator: "/")
    }

    /// The forge that a pull request's page is of: by its host, else by its form.
    static func changeForge(_ url: String) -> String? { host(of: url).flatMap { Self.forge($0) } ?? change(url)?.forge }
}
