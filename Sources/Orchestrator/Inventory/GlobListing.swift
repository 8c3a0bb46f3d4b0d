import CICore
import SystemPackage

/// Finds the files of a suite by globs: the paths that it names, or the whole working directory.
struct GlobListing {
    let suite: Suite
    /// Globs on the relative path, where the suite has no `include` of its own.
    let defaults: [String]

    init(_ suite: Suite, defaults: [String]) {
        self.suite = suite
        self.defaults = defaults
    }

    /// What was found, and what of the configuration matched nothing.
    struct Found {
        /// Relative to the working directory, sorted, each once.
        var files: [String] = []
        var unmatched: [String] = []
    }

    /// One unit for each file.
    func inventory(using tools: RunnerTools) -> SuiteInventory {
        let found = found(using: tools)
        return SuiteInventory(
            units: found.files.map { TestUnit(suite: suite.name, selector: $0, granularity: .file) },
            unmatched: found.unmatched)
    }

    /// Looks at the disk; what cannot be read holds no tests.
    func found(using tools: RunnerTools) -> Found {
        let exclude = suite.selection.exclude.map(Glob.init)
        let include = suite.selection.include.map(Glob.init)
        let filter = include.isEmpty ? defaults.map(Glob.init) : include
        var result = Found()
        var candidates: [String] = []
        for path in suite.selection.paths.isEmpty ? [""] : suite.selection.paths {
            let found = files(at: path, include: filter, using: tools)
            if found.isEmpty, !path.isEmpty { result.unmatched.append(path) }
            candidates += found
        }
        if suite.selection.paths.isEmpty { candidates += outOfTheWay(include, using: tools) }
        result.unmatched += include.filter { glob in !candidates.contains(where: glob.matches) }.map(\.description)
        candidates.removeAll { file in exclude.contains { $0.matches(file) } }
        result.files = Set(candidates).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return result
    }

    /// A path as the suite has it: a file counts as it is, a directory by what it holds, a glob by what it matches.
    private func files(at path: String, include: [Glob], using tools: RunnerTools) -> [String] {
        let path = Self.normalised(path)
        switch tools.files.kind(of: suite.workingDirectory.appending(path)) {
        case .file:
            return [path]
        case .directory:
            return walk(path, using: tools).filter { file in include.contains { $0.matches(file) } }
        default:
            guard Glob.isPattern(path) else { return [] }
            let glob = Glob(path)
            let below = Glob(path + "/**")
            return glob.bases.flatMap { walk($0, using: tools) }.filter { file in
                glob.matches(file) || below.matches(file) && include.contains { $0.matches(file) }
            }
        }
    }

    /// Matches of globs that name a directory which the walk leaves out, such as `vendor/ours/**`.
    private func outOfTheWay(_ include: [Glob], using tools: RunnerTools) -> [String] {
        include.flatMap { glob in
            glob.bases.filter { !$0.isEmpty }.flatMap { walk($0, using: tools) }.filter(glob.matches)
        }
    }

    private func walk(_ base: String, using tools: RunnerTools) -> [String] {
        let start = base.isEmpty ? suite.workingDirectory : suite.workingDirectory.appending(base)
        let prefix = base.isEmpty ? "" : base + "/"
        return TreeWalk(from: start, leaving: .standard, with: tools.files).files.map { prefix + $0 }
    }

    /// Without `./` in front and `/` behind.
    static func normalised(_ path: String) -> String {
        var path = path[...]
        while path.hasPrefix("./") { path = path.dropFirst(2) }
        while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        return path == "." ? "" : String(path)
    }
}
