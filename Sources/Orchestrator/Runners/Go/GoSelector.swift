import CICore

/// How a Go test is named: `import/path#TestName`; an import path holds no `#`.
struct GoSelector: Hashable {
    var package: String
    /// `nil` for the whole package.
    var test: String?

    init(package: String, test: String?) {
        self.package = package
        self.test = test
    }

    init(_ selector: String) {
        let parts = selector.split(separator: "#", maxSplits: 1)
        package = parts.first.map(String.init) ?? selector
        test = parts.count > 1 ? String(parts[1]) : nil
    }

    var text: String { test.map { "\(package)#\($0)" } ?? package }

    /// The test that can be selected: a subtest runs within its parent.
    var root: String? { test.map { String($0.prefix { $0 != "/" }) } }

    /// What `go test` takes to run just this: each step of a subtest's name is a pattern of its own.
    var arguments: [String] {
        guard let test else { return [package] }
        let steps = test.split(separator: "/").map { "^\(CommandLineText.regexEscaped(String($0)))$" }
        return ["-run", steps.joined(separator: "/"), package]
    }

    /// Whether a name is one that `go test -run` selects.
    static func isTest(_ name: some StringProtocol) -> Bool {
        ["Test", "Fuzz", "Example"].contains { name.hasPrefix($0) } && name != "TestMain"
    }
}
