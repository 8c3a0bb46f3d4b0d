/// A directory that holds material for tests, patterns for projects to come or other people's code: whatever looks like
/// a test in it is none of the project's own.
struct FixtureDirectory: Hashable {
    /// Relative to where the search began.
    let path: String

    /// The outermost such directory above a path, itself included; `nil` if there is none.
    init?(around path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let last = parts.indices.first { index in
            Self.isFixture(parts[index]) || index > 0 && parts[index] == "resources" && Self.isTest(parts[index - 1])
        }
        guard let last else { return nil }
        self.path = parts[...last].joined(separator: "/")
    }

    private static let names: Set<String> = [
        "fixture", "fixtures", "testfixture", "testfixtures", "testdata", "thirdparty", "3rdparty",
    ]

    /// Upper and lower case are one, and `test-data` is `testdata`; braces are a template's, such as cookiecutter's.
    private static func isFixture(_ name: Substring) -> Bool {
        name.contains("{{") || names.contains(name.lowercased().filter { $0 != "-" && $0 != "_" })
    }

    /// Maven and Gradle have the files of tests in `src/test/resources`.
    private static func isTest(_ name: Substring) -> Bool { name.lowercased().hasSuffix("test") }
}
