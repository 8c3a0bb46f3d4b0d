import CICore
import SystemPackage

/// One pattern of `--only`, read against the suites there are.
///
/// Plain text means what is called just so (a suite, directory, file, class or test), failing that every test whose id
/// holds it. With `*` or `?` it is a glob on the whole id, on the id without `suite::`, on a path or on a suite's name.
/// `suite::` in front keeps it to that suite.
struct OnlyPattern: Sendable, Hashable {
    /// As it was written.
    let text: String
    /// The only suite that it looks at; `nil` = all.
    let suite: SuiteName?
    /// What stands behind `suite::`; empty = all of the suite.
    private let rest: String
    private let glob: TestPattern?

    init(_ text: String, among suites: [SuiteName]) {
        self.text = text
        var rest = text[...]
        var owner = suites.first { text == $0.rawValue || text == $0.rawValue + "::" }
        if owner != nil {
            rest = ""
        } else if let separator = text.firstRange(of: "::") {
            owner = suites.first { $0.rawValue == text[..<separator.lowerBound] }
            if owner != nil { rest = text[separator.upperBound...] }
        }
        // The record of a process that ended badly after its last test stands for the tests before it.
        if rest.hasSuffix(Aftermath.processEnd) { rest = rest.dropLast(Aftermath.processEnd.count) }
        suite = owner
        self.rest = String(rest)
        glob = rest.contains { $0 == "*" || $0 == "?" } ? TestPattern(String(rest)) : nil
    }

    /// Whether it can mean anything of a suite.
    func concerns(_ name: SuiteName) -> Bool { suite == nil || suite == name }

    /// Whether it means the whole suite.
    func isWhole(_ suite: Suite, below root: FilePath) -> Bool {
        if rest.isEmpty { return self.suite == suite.name }
        if self.suite == nil, let glob, glob.covers(suite.name.rawValue) { return true }
        let directory = Self.directory(of: suite, below: root)
        return !directory.isEmpty && (Self.trimmed(rest) == directory || directory.hasPrefix(Self.trimmed(rest) + "/"))
    }

    /// What a unit or test of the suite must be called to be meant: as written, and as a path from the root.
    func names(in suite: Suite, below root: FilePath) -> [String] {
        guard !rest.isEmpty else { return [] }
        let path = Self.trimmed(rest)
        var names = path == rest ? [rest] : [rest, path]
        for directory in [root.string, Self.directory(of: suite, below: root)] where !directory.isEmpty {
            for name in names where name.hasPrefix(directory + "/") {
                names.append(String(name.dropFirst(directory.utf8.count + 1)))
            }
        }
        return names
    }

    /// Whether a test or unit of the suite is among those that the pattern covers or is a part of.
    func covers(_ selector: String, in container: String, of suite: Suite, below root: FilePath) -> Bool {
        guard !rest.isEmpty else { return false }
        let directory = Self.directory(of: suite, below: root)
        var texts = [selector]
        if self.suite == nil { texts.append(TestID(suite: suite.name, selector: selector).rawValue) }
        if !directory.isEmpty { texts.append("\(directory)/\(selector)") }
        guard let glob else { return texts.contains { $0.contains(rest) } }
        texts.append(container)
        if !directory.isEmpty { texts.append("\(directory)/\(container)") }
        return texts.contains { glob.covers($0) }
    }

    /// Whether it covers the id of a test from earlier results.
    func covers(_ id: TestID, of suite: SuiteName) -> Bool {
        guard concerns(suite) else { return false }
        guard let glob else { return id.rawValue.contains(text) }
        return glob.covers(id.rawValue) || TestPattern(text).matches(id)
    }

    /// Relative to the root; empty for the root itself and for what lies elsewhere.
    private static func directory(of suite: Suite, below root: FilePath) -> String {
        var path = suite.workingDirectory
        return path.removePrefix(root) ? path.string : ""
    }

    /// Without `./` in front and `/` behind.
    private static func trimmed(_ path: String) -> String { GlobListing.normalised(path) }
}
