import CICore
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Finds the files that pytest would collect, without starting it; only where its configuration is plain enough for
/// the result to be exactly that.
struct PytestFiles {
    let suite: Suite
    let tools: RunnerTools

    /// Words in a conftest file that may bring in files with other names, or leave out some in ways of their own.
    private static let hooks = [
        "pytest_collect_file", "pytest_collect_directory", "pytest_ignore_collect",
        "pytest_pycollect_makemodule", "pytest_plugins", "python_files", "norecursedirs",
    ].map { Array($0.utf8) }

    /// The beginning of `collect_ignore` and `collect_ignore_glob`, which only leave files out: a plain run finds no
    /// tests in these then, and neither does a batch.
    private static let ignoring = Array("collect_ignore".utf8)

    /// Whether a plain run may pass over files in spite of their names; pytest takes them when it is told to.
    func mayIgnore(_ selectors: [String]) -> Bool {
        guard !PytestRunner.importsSelected(suite) else { return false }
        let directories = Set(selectors.map { FilePath(PytestSelector($0).file).removingLastComponent() })
        return directories.contains { hasWords([Self.ignoring], around: $0.string) }
    }

    /// `nil` where only pytest itself can tell.
    func found() -> GlobListing.Found? {
        guard let settings = PytestSettings(suite: suite, tools: tools), !settings.needsCollection else { return nil }
        if !suite.selection.include.isEmpty {
            return hasHooks(around: [""]) ? nil : GlobListing(suite, defaults: []).found(using: tools)
        }
        var result = GlobListing.Found()
        var files: Set<String> = []
        for path in roots(of: settings) {
            guard let found = collect(path, settings) else { return nil }
            if found.isEmpty, suite.selection.paths.contains(path) { result.unmatched.append(path) }
            files.formUnion(found)
        }
        let exclude = suite.selection.exclude.map(Glob.init)
        result.files = files.filter { file in !exclude.contains { $0.matches(file) } }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return result.files.contains(where: mayTieFiles) ? nil : result
    }

    /// Whether a file's markers may say that its tests come after those of other files: only pytest knows which.
    private func mayTieFiles(_ file: String) -> Bool {
        // What cannot be read is told by the batch that wants it.
        guard let bytes = try? tools.files.contents(of: suite.workingDirectory.appending(file), limit: 4 << 20) else {
            return false
        }
        let has = { (word: StaticString) in bytes.withUnsafeBytes { Self.holds($0, word) } }
        return (has("mark.dependency") && (has("session") || has("package")))
            || (has("mark.order") && (has("after") || has("before")))
    }

    private static func holds(_ bytes: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
        guard let start = bytes.baseAddress else { return false }
        let length = word.utf8CodeUnitCount
        var offset = 0
        while offset + length <= bytes.count,
            let found = memchr(start + offset, Int32(word.utf8Start.pointee), bytes.count - offset - length + 1)
        {
            if memcmp(found, word.utf8Start, length) == 0 { return true }
            offset = UnsafeRawPointer(found) - start + 1
        }
        return false
    }

    private func roots(of settings: PytestSettings) -> [String] {
        if !suite.selection.paths.isEmpty { return suite.selection.paths }
        return settings.testPaths.isEmpty ? [""] : settings.testPaths
    }

    /// The files below one path; `nil` if pytest must be asked.
    private func collect(_ path: String, _ settings: PytestSettings) -> [String]? {
        guard !path.utf8.contains(UInt8(ascii: ":")), !Glob.isPattern(path), !path.hasPrefix("..") else { return nil }
        let base = GlobListing.normalised(path)
        let start = suite.workingDirectory.appending(base)
        switch tools.files.kind(of: start) {
        case .file: return [base]
        case .directory: break
        // pytest falls back to the whole directory when a configured path is missing; a suite's own is named.
        default: return suite.selection.paths.contains(path) ? [] : nil
        }
        let rule = settings.rule
        let walk = TreeWalk(from: start, leaving: rule, with: tools.files)
        let prefix = base.isEmpty ? "" : base + "/"
        let files = walk.files.map { prefix + $0 }
        let conftests = files.filter { $0 == "conftest.py" || $0.hasSuffix("/conftest.py") }
        guard walk.linkedDirectories.isEmpty, PytestEnvironments(in: start, of: walk, tools: tools).areClear(by: rule),
            !hasHooks(in: conftests), !hasHooks(around: [base])
        else { return nil }
        return files.filter(settings.collects)
    }

    /// Files that batches name to pytest are not ignored, so pytest must say beforehand which ones a plain run ignores.
    private var hooks: [[UInt8]] { Self.hooks + (PytestRunner.importsSelected(suite) ? [Self.ignoring] : []) }

    private func hasHooks(around bases: [String]) -> Bool {
        bases.contains { hasWords(hooks, around: $0) }
    }

    private func hasHooks(in conftests: [String]) -> Bool {
        conftests.contains { hasWords(hooks, in: suite.workingDirectory.appending($0)) }
    }

    /// Conftest files in the directories from here up to the root of the file system.
    private func hasWords(_ words: [[UInt8]], around base: String) -> Bool {
        var directory = suite.workingDirectory.appending(base)
        while true {
            if hasWords(words, in: directory.appending("conftest.py")) { return true }
            let parent = directory.removingLastComponent()
            if parent.isEmpty || parent == directory { return false }
            directory = parent
        }
    }

    private func hasWords(_ words: [[UInt8]], in conftest: FilePath) -> Bool {
        guard tools.files.kind(of: conftest) == .file else { return false }
        // A conftest file that cannot be read may hold anything.
        guard let bytes = try? tools.files.contents(of: conftest, limit: 4 << 20) else { return true }
        return words.contains { word in bytes.firstRange(of: word) != nil }
    }
}
