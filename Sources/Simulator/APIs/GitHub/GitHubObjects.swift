import CICore
import Crypto

/// Blobs, trees, commits and refs of the repository.
struct GitHubObjects: Sendable {
    var blobs: [String: [UInt8]] = [:]
    /// Of each tree: paths with the names of their blobs.
    var trees: [String: [String: String]] = [:]
    /// Of each commit: its tree.
    var commits: [String: String] = [:]
    /// Of each commit that has any: the commits before it.
    var parents: [String: [String]] = [:]
    /// Branches with the names of their commits.
    var branches: [String: String] = [:]

    init(_ scenario: Scenario) {
        let tree = add(tree: ["README.md": add(blob: Array("widgets\n".utf8))])
        for commit in [scenario.source.head, scenario.source.base] { commits[commit] = tree }
        branches = [
            scenario.repository.defaultBranch: scenario.source.base, scenario.source.branch: scenario.source.head,
        ]
    }

    /// As git names it.
    mutating func add(blob content: [UInt8]) -> String {
        let name = Self.name(Array("blob \(content.count)\u{0}".utf8) + content)
        blobs[name] = content
        return name
    }

    mutating func add(tree: [String: String]) -> String {
        let name = Self.name(Array(tree.sorted { $0.key < $1.key }.map { "\($0) \($1)\n" }.joined().utf8))
        trees[name] = tree
        return name
    }

    mutating func add(commit tree: String, parents: [String], message: String) -> String {
        let name = Self.name(Array("commit \(tree) \(parents) \(message) \(commits.count)".utf8))
        commits[name] = tree
        self.parents[name] = parents
        return name
    }

    /// Whether a commit is the other or came after it.
    func reaches(_ commit: String, from later: String) -> Bool {
        var open = [later]
        var seen: Set<String> = []
        while let next = open.popLast() {
            if next == commit { return true }
            if seen.insert(next).inserted { open += parents[next] ?? [] }
        }
        return false
    }

    private static func name(_ bytes: [UInt8]) -> String {
        Insecure.SHA1.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The files of a branch; `nil` if there is no such branch.
    func files(of branch: String) -> [String: String]? {
        branches[branch].flatMap { commits[$0] }.map { trees[$0] ?? [:] }
    }

    /// Writes a file on top of a branch.
    mutating func commit(_ path: String, _ content: [UInt8], on branch: String, message: String) -> (String, String) {
        var files = files(of: branch) ?? [:]
        let blob = add(blob: content)
        files[path] = blob
        let tree = add(tree: files)
        let commit = add(commit: tree, parents: branches[branch].map { [$0] } ?? [], message: message)
        branches[branch] = commit
        return (blob, commit)
    }

    /// Files of branches that hold none of the code.
    func shown(_ scenario: Scenario) -> [ShownFile] {
        let code = [scenario.repository.defaultBranch, scenario.source.branch]
        return branches.keys.filter { !code.contains($0) }.sorted().flatMap { branch in
            (files(of: branch) ?? [:]).sorted { $0.key < $1.key }.map { path, blob in
                ShownFile(shelf: "Branch \(branch)", path: path, size: Int64(blobs[blob]?.count ?? 0))
            }
        }
    }
}
