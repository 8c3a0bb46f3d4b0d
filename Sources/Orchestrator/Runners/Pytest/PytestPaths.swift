import CICore
import SystemPackage

/// The paths of a suite as a collection takes them, and the suite's globs on what comes of it.
struct PytestPaths {
    /// What to hand to pytest; `nil` = it finds its tests itself.
    let existing: [String]?
    /// Paths that do not exist.
    let missing: [String]
    private let selection: Suite.Selection

    init(suite: Suite, tools: RunnerTools) {
        selection = suite.selection
        let paths = selection.paths.map { path in
            let file = PytestSelector(path).file
            return (path: path, exists: tools.files.exists(suite.workingDirectory.appending(file)))
        }
        missing = paths.filter { !$0.exists }.map(\.path)
        existing = paths.isEmpty ? nil : paths.filter(\.exists).map(\.path)
    }

    /// The tests whose file the suite's globs let through, and the globs that matched no file.
    func filter(_ items: [PytestItem]) -> (items: [PytestItem], unmatched: [String]) {
        let include = selection.include.map(Glob.init)
        let exclude = selection.exclude.map(Glob.init)
        let files = Set(items.map { PytestSelector($0.selector).file })
        let kept = files.filter { file in
            (include.isEmpty || include.contains { $0.matches(file) }) && !exclude.contains { $0.matches(file) }
        }
        return (
            items.filter { kept.contains(PytestSelector($0.selector).file) },
            include.filter { glob in !files.contains(where: glob.matches) }.map(\.description)
        )
    }
}
