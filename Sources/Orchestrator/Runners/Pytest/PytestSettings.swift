import CICore
import SystemPackage

/// The part of pytest's configuration that decides which files it collects.
struct PytestSettings {
    private(set) var testPaths: [String] = []
    /// Whether something was set that only pytest itself understands.
    private(set) var needsCollection = false
    private var filePatterns = ["test_*.py", "*_test.py"]
    private var directoryPatterns = ["*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}"]
    private var ignored: [String] = []
    private var globs: [Glob] = []

    /// In the order in which pytest looks for them, with the sections that count.
    static let candidates: [(name: String, sections: [String], countsWhenEmpty: Bool)] = [
        ("pytest.toml", ["pytest"], true), (".pytest.toml", ["pytest"], true), ("pytest.ini", ["pytest"], true),
        (".pytest.ini", ["pytest"], true), ("pyproject.toml", ["tool.pytest", "tool.pytest.ini_options"], false),
        ("tox.ini", ["pytest"], false), ("setup.cfg", ["tool:pytest"], false),
    ]

    /// Reads the configuration that counts for the suite's directory; `nil` if it cannot be understood.
    init?(suite: Suite, tools: RunnerTools) {
        var directory = suite.workingDirectory
        search: while true {
            for candidate in Self.candidates {
                let path = directory.appending(candidate.name)
                guard tools.files.kind(of: path) == .file else { continue }
                guard let text = try? tools.files.text(of: path), let file = PytestConfigFile(text, candidate)
                else { return nil }
                guard let values = file.values else { continue }
                guard take(values, isHere: directory == suite.workingDirectory) else { return nil }
                break search
            }
            let parent = directory.removingLastComponent()
            if parent.isEmpty || parent == directory { break }
            directory = parent
        }
        let environment = tools.environment.merging(suite.environment) { $1 }
        guard take(options: .text(environment["PYTEST_ADDOPTS"] ?? "")) else { return nil }
        if !environment["PYTEST_PLUGINS", default: ""].isEmpty { needsCollection = true }
        globs = filePatterns.map(Glob.init)
        if filePatterns.contains(where: { $0.utf8.contains(UInt8(ascii: "/")) }) { needsCollection = true }
    }

    /// Whether pytest takes a file in a directory that it walks.
    func collects(_ path: String) -> Bool {
        let name =
            path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
        guard name.hasSuffix(".py"), globs.contains(where: { $0.matches(name) }) else { return false }
        return !ignored.contains { path == $0 || path.hasPrefix($0 + "/") }
    }

    /// Which directories pytest does not enter.
    var rule: TreeRule {
        let patterns = directoryPatterns.map(Glob.init)
        return TreeRule(markers: ["pyvenv.cfg", "conda-meta"]) { name, _, _ in
            name == "__pycache__" || patterns.contains { $0.matches(name) }
        }
    }

    private mutating func take(_ values: [String: PytestConfigFile.Value], isHere: Bool) -> Bool {
        if isHere, let paths = values["testpaths"] {
            guard let words = paths.words else { return false }
            testPaths = words
        }
        if let value = values["python_files"] {
            guard let words = value.words else { return false }
            filePatterns = words
        }
        if let value = values["norecursedirs"] {
            guard let words = value.words else { return false }
            directoryPatterns = words
            if words.contains(where: { $0.utf8.contains(UInt8(ascii: "/")) }) { needsCollection = true }
        }
        if values["collect_imported_tests"] != nil { needsCollection = true }
        return values["addopts"].map { take(options: $0) } ?? true
    }

    private mutating func take(options: PytestConfigFile.Value) -> Bool {
        guard let words = options.words else { return false }
        let options = PytestOptions(words)
        needsCollection = needsCollection || options.changesCollection
        ignored += options.ignored.map(GlobListing.normalised)
        return true
    }
}
