package import CICore
import SystemPackage

/// Who answers for tests, by the files that hold them.
package struct TestOwners: Sendable {
    private let owners: CodeOwners
    /// From the owners' root to the tree's, with a slash at its end; empty where they are the same.
    private let prefix: String
    /// Of each suite: its directory from the tree's root, with a slash at its end.
    private let directories: [SuiteName: String]
    /// Files by what a class of theirs is called: `com/example/FooTest`.
    private let classes: [String: String]

    package init(_ owners: CodeOwners, suites: [Suite], tree: SourceTree) {
        self.owners = owners
        prefix = Self.path(from: owners.root, to: tree.root)
        directories = Dictionary(
            suites.map { ($0.name, Self.path(from: tree.root, to: $0.workingDirectory)) },
            uniquingKeysWith: { first, _ in first })
        var classes: [String: String] = [:]
        for file in tree.files {
            let name = file.split(separator: "/").last ?? ""
            guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { continue }
            classes[String(name[..<dot]), default: file] = min(classes[String(name[..<dot])] ?? file, file)
        }
        self.classes = classes
    }

    private static func path(from root: FilePath, to directory: FilePath) -> String {
        var rest = directory
        guard rest.removePrefix(root), !rest.isEmpty else { return "" }
        return rest.string + "/"
    }

    /// Whoever answers for a file, class or package of a suite; empty = nobody, or nobody that is known.
    package func owners(ofSuite suite: SuiteName, container: String) -> [String] {
        owners.owners(of: prefix + path(ofSuite: suite, container: container))
    }

    /// Whoever answers for a test: for its file or class, else for the file that its report names.
    package func owners(of test: TestRecord) -> [String] {
        let suite = test.identity.suite
        let found = owners(ofSuite: suite, container: test.container)
        guard found.isEmpty, let file = test.identity.location?.file, !file.isEmpty else { return found }
        guard file.hasPrefix("/") else { return owners(ofSuite: suite, container: file) }
        let below = Self.path(from: owners.root, to: FilePath(file).lexicallyNormalized())
        return below.isEmpty ? [] : owners.owners(of: String(below.dropLast()))
    }

    /// A class is the file of its name; whatever else is no path belongs to its suite's directory.
    private func path(ofSuite suite: SuiteName, container: String) -> String {
        let directory = directories[suite] ?? ""
        guard !container.contains("/"), !isFile(container) else { return directory + container }
        let name = container.split(whereSeparator: { $0 == "." || $0 == "$" || $0 == ":" }).last.map(String.init)
        if let file = name.flatMap({ classes[$0] }) { return file }
        return directory + container
    }

    /// Whether a name ends as files do: `test_cart.py`, and not `com.example.CartTest`.
    private func isFile(_ container: String) -> Bool {
        guard let dot = container.lastIndex(of: ".") else { return false }
        let ending = container[container.index(after: dot)...]
        return ending.count <= 4 && ending.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber) }
    }
}
