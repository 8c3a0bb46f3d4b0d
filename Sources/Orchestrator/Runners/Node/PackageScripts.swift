import CICore

/// The `package.json` files of a tree, by what their test scripts start.
struct PackageScripts {
    private let scripts: [(directory: String, script: String)]

    init(in tree: SourceTree) {
        let files = tree.files.filter { $0 == "package.json" || $0.hasSuffix("/package.json") }
        scripts = files.compactMap { file in
            guard let text = tree.text(of: file), let script = JSONValue(text)?["scripts"]?["test"]?.string else {
                return nil
            }
            return (String(file.dropLast("/package.json".count)), script)
        }
    }

    /// Relative to the tree's root, which is the empty text.
    func directories(whoseTestScript matches: (String) -> Bool) -> [String] {
        scripts.filter { matches($0.script) }.map(\.directory)
    }
}
