import CICore

/// The modules of a tree that hold tests: each is a suite of its own, since `./...` ends at a nested `go.mod`.
struct GoModules {
    /// The modules' directories, the root's as an empty text.
    let directories: [String]

    init(in tree: SourceTree) {
        let modules = tree.files
            .filter { $0 == "go.mod" || $0.hasSuffix("/go.mod") }
            .map { String($0.dropLast("go.mod".count)) }
        var tested: Set<String> = []
        for file in tree.files where file.hasSuffix("_test.go") {
            let owner = modules.filter { file.hasPrefix($0) }.max { $0.utf8.count < $1.utf8.count }
            if let owner { tested.insert(owner) }
        }
        directories = tested.sorted().map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    }

    var proposals: [SuiteProposal] {
        directories.map { directory in
            SuiteProposal(
                runner: "go", directory: directory,
                because: "\(directory.isEmpty ? "" : directory + "/")go.mod is a module with *_test.go files")
        }
    }
}
