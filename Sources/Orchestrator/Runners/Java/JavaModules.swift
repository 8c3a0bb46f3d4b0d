import CICore
import SystemPackage

/// The directories of a Java build that have a build file of their own.
struct JavaModules {
    /// Relative to the suite's directory, sorted; its own is empty.
    let directories: [String]

    init(of suite: Suite, markedBy names: Set<String>, using tools: RunnerTools) {
        let walk = TreeWalk(from: suite.workingDirectory, leaving: .standard, with: tools.files)
        var found: Set<String> = [""]
        for file in walk.files {
            let slash = file.lastIndex(of: "/")
            let name = slash.map { file[file.index(after: $0)...] } ?? file[...]
            if names.contains(String(name)) { found.insert(slash.map { String(file[..<$0]) } ?? "") }
        }
        directories = found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

/// The suite's globs on a class's path, such as `demo/CalcTest`.
struct JavaClassSelection {
    private let include: [Glob]
    private let exclude: [Glob]
    private let own: [Glob]

    /// Without an `include` of the suite the defaults hold; without those every class is chosen.
    init(_ suite: Suite, defaults: [String] = []) {
        own = suite.selection.include.map(Glob.init)
        include = own.isEmpty ? defaults.map(Glob.init) : own
        exclude = suite.selection.exclude.map(Glob.init)
    }

    func chosen(of classes: [JavaTestClasses.TestClass]) -> [JavaTestClasses.TestClass] {
        classes.filter { found in
            let path = Self.path(found.name)
            return (include.isEmpty || include.contains { $0.matches(path) }) && !exclude.contains { $0.matches(path) }
        }
    }

    /// The suite's own globs that none of the units match.
    func unmatched(by units: [TestUnit]) -> [String] {
        let paths = Set(units.map { Self.path(JavaSelector($0.container).className) })
        return own.filter { glob in !paths.contains(where: glob.matches) }.map(\.description)
    }

    private static func path(_ name: String) -> String { String(name.map { $0 == "." ? "/" : $0 }) }
}

extension RunnerCommand {
    /// Builds what the tests need; a build that fails is the code's fault, not the listing's.
    func build(_ rest: [String], using tools: RunnerTools) async throws(RunnerError) -> CapturedProcess {
        do {
            return try await capture(rest, to: "build the tests", using: tools)
        } catch {
            guard error.code == .listingFailed else { throw error }
            var failure = error
            failure.code = .buildFailed
            throw failure
        }
    }
}
