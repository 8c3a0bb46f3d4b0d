/// A variable that may tell a fact, and how its value reads.
struct FactSource: Sendable, ExpressibleByStringLiteral {
    let variable: String
    /// `nil` if the value does not tell the fact after all.
    let read: @Sendable (String) -> String?

    init(_ variable: String, read: @escaping @Sendable (String) -> String?) {
        self.variable = variable
        self.read = read
    }

    /// The value as it is.
    init(stringLiteral variable: String) { self.init(variable) { $0 } }

    /// A branch with or without `refs/heads/`; other refs are none.
    static func branch(_ variable: String) -> Self { Self(variable, read: RefName.branch) }

    /// A tag in the form `refs/tags/…`.
    static func tag(_ variable: String) -> Self { Self(variable, read: RefName.tag) }

    /// A counter that begins at 1 where ours begins at 0.
    static func oneBased(_ variable: String) -> Self {
        Self(variable) { Int($0).flatMap { $0 >= 1 ? String($0 - 1) : nil } }
    }

    /// `true` or `1` in any case of letters is a yes, everything else a no.
    static func flag(_ variable: String) -> Self {
        Self(variable) { ["true", "1"].contains($0.lowercased()) ? "true" : "false" }
    }

    /// Everything but one word that means "none".
    static func unless(_ variable: String, is none: String) -> Self { Self(variable) { $0 == none ? nil : $0 } }

    /// The slug within a repository's URL.
    static func slug(_ variable: String) -> Self { Self(variable) { RepositoryURL($0)?.slug } }

    /// The host within a URL.
    static func host(_ variable: String) -> Self { Self(variable) { RepositoryURL.host(of: $0) } }

    /// The slug of the repository that a pull request's page belongs to.
    static func changeSlug(_ variable: String) -> Self { Self(variable) { RepositoryURL(change: $0)?.slug } }

    /// A counter that begins at 0 where ours begins at 1.
    static func repeats(_ variable: String) -> Self {
        Self(variable) { Int($0).flatMap { (0..<Int.max).contains($0) ? String($0 + 1) : nil } }
    }

    /// An id that is written in braces.
    static func braced(_ variable: String) -> Self {
        Self(variable) { $0.hasPrefix("{") && $0.hasSuffix("}") ? String($0.dropFirst().dropLast()) : $0 }
    }

    /// The forge that a repository URL's host gives away.
    static func hostedForge(_ variable: String) -> Self {
        Self(variable) { RepositoryURL.host(of: $0).flatMap(RepositoryURL.forge) }
    }

    /// The number of a pull request at the end of its URL.
    static func pullRequestNumber(_ variable: String) -> Self { Self(variable, read: RefName.pullRequestNumber(in:)) }
}

/// Names of git refs as the services write them.
enum RefName {
    /// `refs/heads/a/b` and `a/b` are the branch `a/b`; `nil` for other refs and pull requests' own refs.
    static func branch(_ ref: String) -> String? {
        if ref.hasPrefix("refs/heads/") { return String(ref.dropFirst("refs/heads/".count)) }
        return ref.hasPrefix("refs/") || ref == "HEAD" ? nil : ref
    }

    /// `refs/tags/v1` is the tag `v1`.
    static func tag(_ ref: String) -> String? {
        ref.hasPrefix("refs/tags/") ? String(ref.dropFirst("refs/tags/".count)) : nil
    }

    /// 12 in `refs/pull/12/merge`, `pull/12`, `…/pull/12`, `…/-/merge_requests/12` and `…/pull-requests/12`.
    static func pullRequestNumber(in text: String) -> String? {
        let parts = text.split(separator: "/")
        let words = ["pull", "pulls", "pull-requests", "merge_requests", "merge-requests", "pullrequest", "changes"]
        guard let index = parts.lastIndex(where: { words.contains(String($0)) }), index + 1 < parts.count else {
            return nil
        }
        let digits = parts[index + 1].prefix { $0.isASCII && $0.isNumber }
        return digits.isEmpty ? nil : String(digits)
    }

    /// Number and target in `gh-readonly-queue/release/2.0/pr-12-<sha>`, the branch of GitHub's merge queue.
    static func queued(_ branch: String) -> (number: String, target: String)? {
        let prefix = "gh-readonly-queue/"
        guard branch.hasPrefix(prefix), let slash = branch.lastIndex(of: "/") else { return nil }
        let parts = branch[branch.index(after: slash)...].split(separator: "-")
        let target = branch[..<slash].dropFirst(prefix.count)
        guard parts.count == 3, parts[0] == "pr", Int(parts[1]) != nil, !target.isEmpty else { return nil }
        return (String(parts[1]), String(target))
    }
}
