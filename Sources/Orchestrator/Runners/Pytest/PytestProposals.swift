import CICore

/// Sees by the files of a tree where pytest would be run.
struct PytestProposals {
    let tree: SourceTree

    /// One suite for each topmost directory with a configuration; failing that, one if there are test files.
    var all: [SuiteProposal] {
        let configured = configurations
        if !configured.isEmpty {
            return configured.map { directory, file in
                proposal(directory, because: "\(directory.isEmpty ? "" : directory + "/")\(file) configures pytest")
            }
        }
        let tests = tree.files.filter(Self.isTestFile)
        guard !tests.isEmpty else { return [] }
        if let conftest = tree.files.first(where: { $0 == "conftest.py" || $0.hasSuffix("/conftest.py") }) {
            return [proposal("", because: "\(conftest) is a file of pytest's")]
        }
        guard let example = tests.prefix(50).first(where: holdsTests) else { return [] }
        return [proposal("", because: "\(example) holds tests that pytest finds")]
    }

    private func proposal(_ directory: String, because: String) -> SuiteProposal {
        SuiteProposal(
            runner: "pytest", directory: directory,
            because: because)
    }

    /// Directories with a configuration that are in no other such directory.
    private var configurations: [(directory: String, file: String)] {
        let names = Dictionary(
            uniqueKeysWithValues: PytestSettings.candidates.enumerated().map { ($1.name, (rank: $0, candidate: $1)) })
        var found: [String: (rank: Int, name: String)] = [:]
        for path in tree.files {
            let (directory, name) = Self.parts(of: path)
            guard let known = names[name], (found[directory]?.rank ?? .max) > known.rank, let text = tree.text(of: path)
            else { continue }
            // What this reader does not understand but pytest may, speaks of pytest by name.
            let isConfiguration =
                PytestConfigFile(text, known.candidate).map { $0.values != nil } ?? text.contains("pytest")
            if isConfiguration { found[directory] = (known.rank, name) }
        }
        return found.keys.sorted().filter { directory in
            !found.keys.contains { $0 != directory && ($0.isEmpty || directory.hasPrefix($0 + "/")) }
        }.map { ($0, found[$0]?.name ?? "") }
    }

    private func holdsTests(_ path: String) -> Bool {
        guard let text = tree.text(of: path) else { return false }
        return text.contains("def test") || text.contains("import pytest")
    }

    private static func isTestFile(_ path: String) -> Bool {
        let name = parts(of: path).name
        return name.hasSuffix(".py") && (name.hasPrefix("test_") || name.hasSuffix("_test.py"))
    }

    private static func parts(of path: String) -> (directory: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        return (String(path[..<slash]), String(path[path.index(after: slash)...]))
    }
}
