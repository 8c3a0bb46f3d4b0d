package import SystemPackage

/// What is to be put into an artifact: a part of a directory's tree.
package struct ArtifactSource: Sendable {
    /// The directory that the artifact's paths are seen from.
    package var root: FilePath
    /// What of it is wanted.
    package var picks: [Pick]
    /// Whether a path that is seen from `root` is left out; a directory goes with all that is in it.
    package var isExcluded: @Sendable (String) -> Bool
    package var symbolicLinks: SymbolicLinks
    /// Whether names that begin with a dot are taken; picked ones always are.
    package var includesHidden: Bool

    package init(
        root: FilePath, picks: [Pick], isExcluded: @escaping @Sendable (String) -> Bool = { _ in false },
        symbolicLinks: SymbolicLinks = .keep, includesHidden: Bool = false
    ) {
        self.root = root
        self.picks = picks
        self.isExcluded = isExcluded
        self.symbolicLinks = symbolicLinks
        self.includesHidden = includesHidden
    }

    /// All that is in a directory.
    package init(directory: FilePath) { self.init(root: directory, picks: [Pick(path: "")]) }

    /// One file, under its own name.
    package init(file: FilePath) {
        self.init(
            root: file.removingLastComponent(), picks: [Pick(path: file.lastComponent?.string ?? "")])
    }

    /// A part of the tree.
    package struct Pick: Sendable {
        /// As seen from the root, names with `/` between them, none of them `.` or `..`; empty for the root itself.
        package var path: String
        /// Which paths below `path` are wanted, as seen from the root: what is in a matching directory goes with it;
        /// `nil` for the path itself with all that is in it.
        package var matches: (@Sendable (String) -> Bool)?

        package init(path: String, matches: (@Sendable (String) -> Bool)? = nil) {
            self.path = path
            self.matches = matches
        }
    }

    /// What becomes of symbolic links.
    package enum SymbolicLinks: String, Sendable, Hashable, CaseIterable {
        /// They stay links; those that lead out of the artifact are left out with a warning.
        case keep
        /// What they lead to is taken in their place.
        case follow
        /// They are left out.
        case skip
        /// They are an error.
        case refuse
    }
}

/// The picks as a tree of names, so that nothing is listed that nobody asked for.
struct PickTree {
    private(set) var children: [String: PickTree] = [:]
    /// Whether everything here and below is wanted.
    private(set) var isWhole = false
    private(set) var filters: [@Sendable (String) -> Bool] = []

    init(_ picks: [ArtifactSource.Pick]) {
        for pick in picks { add(pick, at: pick.path.split(separator: "/")[...]) }
    }

    private mutating func add(_ pick: ArtifactSource.Pick, at names: ArraySlice<Substring>) {
        if let name = names.first {
            children[String(name), default: PickTree([])].add(pick, at: names.dropFirst())
        } else if let matches = pick.matches {
            filters.append(matches)
        } else {
            isWhole = true
        }
    }
}
