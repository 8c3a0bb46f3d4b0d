/// A pattern of a `CODEOWNERS` file.
struct OwnerPattern: Sendable, Hashable {
    private let parts: [Part]
    /// Whether it may begin in any directory.
    private let floats: Bool
    /// Whether it covers what it names.
    private let coversItself: Bool
    /// Whether it covers what lies below what it names.
    private let coversBelow: Bool

    private enum Part: Sendable, Hashable {
        case name(TestPattern)
        /// `**`
        case anything
    }

    /// `floats` says that a pattern with a slash inside may begin anywhere too. `nil` for a pattern that names nothing.
    init?(_ text: String, floats: Bool) {
        let isAnchored = text.hasPrefix("/")
        let isDirectory = text.hasSuffix("/")
        var names = text.split(separator: "/")
        let hasSlashInside = names.count > 1
        let endsInAnything = names.last == "**"
        if endsInAnything { names.removeLast() }
        guard !names.isEmpty || endsInAnything || text == "/" else { return nil }
        parts = names.map { $0 == "**" ? .anything : .name(TestPattern(String($0))) }
        self.floats = !isAnchored && (floats || !hasSlashInside)
        coversItself = !isDirectory && !endsInAnything
        // `docs/*` are the files in docs, and none in directories of it.
        coversBelow = isDirectory || endsInAnything || names.last != "*" || !(hasSlashInside || isAnchored)
    }

    /// Whether it covers the path of a file. O(parts × path).
    func matches(_ path: [Substring]) -> Bool {
        var reached = [Bool](repeating: floats, count: path.count + 1)
        reached[0] = true
        for part in parts {
            switch part {
            case .anything:
                guard let first = reached.firstIndex(of: true) else { return false }
                for index in first..<reached.count { reached[index] = true }
            case .name(let name):
                for index in stride(from: path.count, to: 0, by: -1) {
                    reached[index] = reached[index - 1] && name.covers(path[index - 1])
                }
                reached[0] = false
            }
        }
        if coversItself, reached[path.count] { return true }
        return coversBelow && reached.dropLast().contains(true)
    }
}
