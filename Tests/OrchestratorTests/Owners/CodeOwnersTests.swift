import CICore
import SystemPackage
import Testing

@testable import Orchestrator

@Suite struct CodeOwnersTests {
    private func owners(of path: String, in text: String, _ dialect: CodeOwners.Dialect? = nil) -> [String] {
        CodeOwners(text, file: "/r/CODEOWNERS", root: "/r", dialect: dialect).owners(of: path)
    }

    /// The examples of GitHub's documentation, "About code owners".
    @Test(arguments: [
        ("*", "a/b.txt", true), ("*.js", "x/y.js", true), ("*.js", "x/y.jsx", false),
        ("/build/logs/", "build/logs/a/b.log", true), ("/build/logs/", "x/build/logs/a.log", false),
        ("docs/*", "docs/a.md", true), ("docs/*", "docs/build/a.md", false), ("docs/*", "x/docs/a.md", false),
        ("apps/", "x/apps/y/z.c", true), ("apps/", "apps", false), ("/docs/", "docs/a/b", true),
        ("/docs/", "x/docs/a", false), ("**/logs", "build/logs/x", true), ("**/logs", "deep/a/logs/b/c", true),
        ("/apps/github", "apps/github/x", true), ("/apps/github", "apps/github", true),
        ("/a/**/z.py", "a/z.py", true), ("/a/**/z.py", "a/b/c/z.py", true), ("/a/**", "a/b", true),
        ("/a/**", "ab", false), ("/t/test_?.py", "t/test_a.py", true), ("/t/test_?.py", "t/test_ab.py", false),
        ("t[ab].py", "ta.py", false), ("/", "x", true), ("tests", "src/tests/a.py", true),
    ])
    func `a pattern covers what GitHub says`(pattern: String, path: String, isCovered: Bool) {
        #expect(owners(of: path, in: "\(pattern) @a", .gitHub) == (isCovered ? ["@a"] : []))
    }

    @Test(arguments: [("docs/*", "x/docs/a.md", true), ("/docs/*", "x/docs/a.md", false), ("*.rb", "a/b.rb", true)])
    func `in GitLab a pattern begins anywhere`(pattern: String, path: String, isCovered: Bool) {
        #expect(owners(of: path, in: "\(pattern) @a", .gitLab) == (isCovered ? ["@a"] : []))
    }

    @Test func `the last pattern counts, also one without owners`() {
        let text = "# all\n* @all # everybody\n\t/t/ @t @t/team me@example.org not-one\n/t/free\n"
        #expect(owners(of: "x", in: text) == ["@all"])
        #expect(owners(of: "t/x", in: text) == ["@t", "@t/team", "me@example.org"])
        #expect(owners(of: "t/free", in: text) == [])
    }

    @Test func `blanks and marks can be escaped`() {
        #expect(owners(of: "a b/#c", in: "/a\\ b/\\#c @x\r\n") == ["@x"])
    }

    @Test func `each section of GitLab's has a word, and defaults`() {
        let text = """
            * @all
            [Docs][2] @writers
            *.md
            /docs/api.md @api
            ^[Database] @dba @dba2
            /db/
            [docs]
            !/docs/draft.md
            """
        #expect(owners(of: "README.md", in: text) == ["@all", "@writers"])
        #expect(owners(of: "docs/api.md", in: text) == ["@all", "@api"])
        #expect(owners(of: "db/x.md", in: text) == ["@all", "@writers", "@dba", "@dba2"])
        #expect(owners(of: "docs/draft.md", in: text) == ["@all"])
    }

    @Test(arguments: ["", "../x", "a/../b"]) func `what is no path of the tree is nobody's`(path: String) {
        #expect(owners(of: path, in: "* @a") == [])
    }

    @Test func `stars without end are no trouble`() {
        let pattern = "/" + String(repeating: "**/a*a*a*/", count: 60) + "z"
        let path = String(repeating: "aaaaaaaaaaaaaaaa/", count: 120) + "y"
        #expect(owners(of: path, in: "\(pattern) @a") == [])
    }

    @Test func `the file is found around the project, up to the repository's root`() throws {
        let files = LocalFileSystem()
        let root = FilePath("/tmp/dt-ci-owners-\(UInt64.random(in: 0 ... .max))")
        // Left to the system's own cleaning if it cannot be removed.
        defer { try? files.remove(root) }
        let project = root.appending("repo").appending("part")
        for path in [project, root.appending("repo/.git"), root.appending("repo/.gitlab")] {
            try files.createDirectory(path)
        }
        try files.write(Array("* @outside".utf8), to: root.appending("CODEOWNERS"))
        #expect(CodeOwners.find(around: project, files: files) == nil)
        try files.write(Array("part/x @in".utf8), to: root.appending("repo/.gitlab/CODEOWNERS"))
        let found = try #require(CodeOwners.find(around: project, files: files))
        #expect(found.root == root.appending("repo"))
        #expect(found.owners(of: "deep/part/x") == ["@in"])
        let tests = TestOwners(
            found, suites: [Suite(name: "unit", runner: "pytest", workingDirectory: project)],
            tree: SourceTree(root: project, files: ["x", "src/com/example/CartTest.java"], fileSystem: files))
        #expect(tests.owners(ofSuite: "unit", container: "x") == ["@in"])
        #expect(tests.owners(ofSuite: "unit", container: "y") == [])
    }

    @Test(
        arguments: [
            ("tests/a.py", nil, ["@a"]), ("unknown", "tests/a.py", ["@a"]), ("unknown", "/r/app/tests/a.py", ["@a"]),
            ("unknown", "/elsewhere/tests/a.py", []), ("unknown", "../../etc", []), ("unknown", nil, []),
        ] as [(String, String?, [String])])
    func `a test belongs to its file, or to the one that its report names`(
        container: String, file: String?, owners: [String]
    ) {
        let found = CodeOwners("/app/tests/ @a", file: "/r/CODEOWNERS", root: "/r")
        let tests = TestOwners(
            found, suites: [Suite(name: "unit", runner: "pytest", workingDirectory: "/r/app")],
            tree: SourceTree(root: "/r", files: [], fileSystem: LocalFileSystem()))
        let test = TestRecord(
            id: "unit::x",
            identity: TestIdentity(
                suite: "unit", className: "", name: "x", location: file.map { CICore.SourceLocation(file: $0, line: 1) }
            ),
            container: container, attempts: [])
        #expect(tests.owners(of: test) == owners)
    }

    @Test func `a class is the file of its name`() {
        let owners = CodeOwners("/src/**/CartTest.java @cart", file: "/r/CODEOWNERS", root: "/r")
        let tree = SourceTree(root: "/r", files: ["src/com/example/CartTest.java"], fileSystem: LocalFileSystem())
        let tests = TestOwners(owners, suites: [], tree: tree)
        #expect(tests.owners(ofSuite: "unit", container: "com.example.CartTest") == ["@cart"])
        #expect(tests.owners(ofSuite: "unit", container: "com.example.OtherTest") == [])
    }
}
