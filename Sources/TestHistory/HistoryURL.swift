package import CICore
package import SystemPackage

/// Where a history is, as `--history` and `history: url:` name it.
package struct HistoryURL: Sendable, Hashable {
    package let path: FilePath

    /// Reads `sqlite:PATH`; a relative path starts from the project's root, `sqlite:///abs` is read as well.
    ///
    /// - Throws: `.unsupported` for any other URL.
    package init(_ text: String, root: FilePath) throws(HistoryError) {
        guard text.hasPrefix("sqlite:") else { throw Self.refusing(text) }
        var rest = text.dropFirst("sqlite:".count)
        if rest.hasPrefix("//") { rest = rest.dropFirst(2) }
        guard !rest.isEmpty, !rest.utf8.contains(0), rest != ":memory:" else { throw Self.refusing(text) }
        path = root.pushing(FilePath(String(rest)))
    }

    /// Opens the store; creates it where nothing is.
    package func open(
        policy: HistoryPolicy = HistoryPolicy(), files: some FileSystem = LocalFileSystem()
    ) throws(HistoryError) -> any HistoryStore {
        try SQLiteHistoryStore(path: path, policy: policy, files: files)
    }

    /// Opens the store for reading.
    ///
    /// - Throws: `.missing` where nothing is; nothing is created then.
    package func openExisting(
        policy: HistoryPolicy = HistoryPolicy(), files: some FileSystem = LocalFileSystem()
    ) throws(HistoryError) -> any HistoryStore {
        guard files.exists(path) else {
            throw HistoryError(
                code: .missing, location: path.string,
                description: "there is no history at \(path) yet: `dt-ci run` writes one, "
                    + "`dt-ci history import` fills it from reports")
        }
        return try open(policy: policy, files: files)
    }

    /// Names the scheme only: the rest of a URL can hold a password.
    private static func refusing(_ text: String) -> HistoryError {
        let scheme = text.prefix { $0 != ":" }
        let isURL = scheme.count < text.count
        let reason =
            ["postgres", "postgresql"].contains(scheme)
            ? "PostgreSQL is not in this build, which reads sqlite:PATH"
            : isURL ? "\(scheme): is not known; use sqlite:PATH" : "it is no URL; use sqlite:PATH"
        return HistoryError(
            code: .unsupported, location: isURL ? "\(scheme):…" : text,
            description: "the history cannot be opened: \(reason)")
    }
}
