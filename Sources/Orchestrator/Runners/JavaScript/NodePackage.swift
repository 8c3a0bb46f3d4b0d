import CICore
import SystemPackage

/// What proposals read of a `package.json`.
struct NodePackage {
    /// The directory, relative to the tree's root; empty for the root.
    let directory: String
    /// Names in `dependencies` and `devDependencies`.
    private let dependencies: Set<String>

    /// The packages of a tree; files that are no JSON are left out.
    static func all(in tree: SourceTree) -> [NodePackage] {
        tree.files.filter { $0 == "package.json" || $0.hasSuffix("/package.json") }.compactMap { path in
            guard let text = tree.text(of: path), let json = JSONValue(text) else { return nil }
            return NodePackage(directory: String(path.dropLast("/package.json".count)), json: json)
        }
    }

    private init(directory: String, json: JSONValue) {
        self.directory = directory
        dependencies = Set(["dependencies", "devDependencies"].flatMap { Self.names(in: json[$0]) })
    }

    private static func names(in json: JSONValue?) -> [String] {
        guard case .object(let members) = json else { return [] }
        return Array(members.keys)
    }

    func dependsOn(_ name: String) -> Bool { dependencies.contains(name) }

    /// One suite for each package that depends on the tool.
    static func proposals(for tool: String, runner: RunnerID, in tree: SourceTree) -> [SuiteProposal] {
        all(in: tree).filter { $0.dependsOn(tool) }.map { package in
            let place = package.directory.isEmpty ? "package.json" : "\(package.directory)/package.json"
            return SuiteProposal(
                runner: runner, directory: package.directory, because: "found \(tool) in \(place)")
        }
    }
}

/// A path as tools of Node print it, made relative to the suite's directory.
struct NodePath {
    private let root: String

    init(below suite: Suite) { root = suite.workingDirectory.string + "/" }

    /// Unchanged if it is somewhere else.
    func relative(_ path: String) -> String { path.hasPrefix(root) ? String(path.dropFirst(root.count)) : path }
}
