import CICore

/// What `playwright test --list --reporter=json` printed: suites within each other, with specs in them.
struct PlaywrightListing {
    /// In the order of the listing; a test of several projects stands there once for each.
    private(set) var tests: [(file: String, name: String)] = []
    private let root: String
    private let paths: NodePath

    /// `nil` if it is no listing.
    init?(_ text: String, paths: NodePath) {
        guard let start = text.firstIndex(of: "{"), let json = JSONValue(String(text[start...])),
            let suites = json["suites"]?.array
        else { return nil }
        self.paths = paths
        root = json["config"]?["rootDir"]?.string ?? ""
        for suite in suites { visit(suite, titles: []) }
    }

    /// Goes through a suite with the titles of those around it; the outermost one is the file.
    private mutating func visit(_ suite: JSONValue, titles: [String]) {
        for spec in suite["specs"]?.array ?? [] {
            let file = paths.relative(absolute(spec["file"]?.string ?? ""))
            let name = (titles + [spec["title"]?.string ?? ""]).joined(separator: " › ")
            tests.append((file, name))
        }
        for inner in suite["suites"]?.array ?? [] { visit(inner, titles: titles + [inner["title"]?.string ?? ""]) }
    }

    private func absolute(_ file: String) -> String {
        file.hasPrefix("/") || root.isEmpty ? file : "\(root)/\(file)"
    }
}
