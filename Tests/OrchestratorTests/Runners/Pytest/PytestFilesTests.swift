import CICore
import SystemPackage
import Testing

@testable import Orchestrator

/// Discovery by globs must give what pytest's own collection gives, or leave it to pytest.
struct PytestFilesTests {
    /// A project, and what globbing finds; `nil` = left to pytest.
    struct Project: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var files: [String: String]
        var found: [String]?
        /// Of `found`, what a plain run passes over.
        var ignored: Set<String> = []
        var paths: [String] = []
        var exclude: [String] = []
    }

    private static let tests = [
        "tests/test_a.py": "def test_1(): pass", "tests/sub/b_test.py": "def test_1(): pass", "tests/helper.py": "",
        "build/test_c.py": "def test_1(): pass", "test_top.py": "def test_1(): pass",
        "vendor/test_v.py": "def test_1(): pass", "env/pyvenv.cfg": "", "env/bin/activate": "",
        "env/test_e.py": "def test_1(): pass", ".hidden/test_h.py": "def test_1(): pass",
    ]

    static let projects: [Project] = [
        .init(
            testDescription: "no configuration", files: tests,
            found: ["test_top.py", "tests/sub/b_test.py", "tests/test_a.py", "vendor/test_v.py"]),
        .init(
            testDescription: "testpaths", files: with("pytest.ini", "[pytest]\ntestpaths = tests\n"),
            found: ["tests/sub/b_test.py", "tests/test_a.py"]),
        .init(
            testDescription: "python_files and norecursedirs",
            files: with(
                "pyproject.toml",
                "[tool.pytest.ini_options]\npython_files = [\"test_*.py\"]\nnorecursedirs = [\"vendor\", \".*\"]\n"),
            found: ["build/test_c.py", "test_top.py", "tests/test_a.py"]),
        .init(
            testDescription: "--ignore", files: with("setup.cfg", "[tool:pytest]\naddopts = -q --ignore=vendor\n"),
            found: ["test_top.py", "tests/sub/b_test.py", "tests/test_a.py"]),
        .init(
            testDescription: "paths of the suite", files: tests, found: ["test_top.py", "tests/test_a.py"],
            paths: ["tests/", "./test_top.py"], exclude: ["**/sub/**"]),
        .init(
            testDescription: "a collection hook",
            files: with("tests/conftest.py", "def pytest_collect_file(): pass"), found: nil),
        .init(
            testDescription: "ignored files", files: with("tests/conftest.py", "collect_ignore = ['test_a.py']"),
            found: ["test_top.py", "tests/sub/b_test.py", "tests/test_a.py", "vendor/test_v.py"],
            ignored: ["tests/test_a.py"]),
        .init(
            testDescription: "ignored files where batches name theirs",
            files: with("tests/conftest.py", "collect_ignore = ['test_a.py']"), found: nil, paths: ["tests"]),
        .init(
            testDescription: "doctests", files: with("tox.ini", "[pytest]\naddopts = --doctest-modules\n"), found: nil),
        .init(
            testDescription: "a missing testpath", files: with("pytest.ini", "[pytest]\ntestpaths = gone\n"), found: nil
        ),
        .init(testDescription: "a node id", files: tests, found: nil, paths: ["tests/test_a.py::test_1"]),
    ]

    private static func with(_ name: String, _ text: String) -> [String: String] { tests.merging([name: text]) { $1 } }

    @Test(arguments: projects)
    func `globbing finds just the files that pytest collects`(project: Project) async throws {
        let scratch = try ScratchDirectory()
        try scratch.write(project.files)
        let suite = Suite(
            name: "s", runner: "pytest", workingDirectory: scratch.path,
            selection: .init(paths: project.paths, exclude: project.exclude))
        #expect(PytestFiles(suite: suite, tools: scratch.tools).found()?.files == project.found)
        guard let found = project.found else { return }
        let items = try await PytestListing(suite: suite, tool: PytestRunner().profile.tool).items(
            in: project.paths.isEmpty ? nil : project.paths, arguments: [], using: scratch.realTools)
        let collected = Set(items.map { PytestSelector($0.selector).file })
        let excluded = project.exclude.map(Glob.init)
        #expect(
            collected.filter { file in !excluded.contains { $0.matches(file) } }
                == Set(found).subtracting(project.ignored))
    }

    @Test func `a file that a plain run ignores is not cut into tests`() async throws {
        let scratch = try ScratchDirectory()
        try scratch.write([
            "conftest.py": "collect_ignore = ['test_a.py']", "test_a.py": "def test_1(): pass\ndef test_2(): pass",
            "test_b.py": "def test_1(): pass\ndef test_2(): pass",
        ])
        let suite = Suite(name: "s", runner: "pytest", workingDirectory: scratch.path)
        let inventory = try await PytestRunner().discover(suite, granularity: .file, using: scratch.realTools)
        #expect(inventory.units.map(\.selector) == ["test_a.py", "test_b.py"])
        var pieces: [[String]] = []
        for unit in inventory.units {
            pieces.append(
                try await PytestRunner().split(unit, of: suite, into: .test, using: scratch.realTools)
                    .flatMap { $0.tests ?? [] })
        }
        #expect(pieces == [[], ["test_b.py::test_1", "test_b.py::test_2"]])
    }

    @Test(arguments: ["pyvenv.cfg", "conda-meta/history", "bin/activate", "bin/Activate.ps1"])
    func `what only some versions of pytest take for an environment is left to pytest`(file: String) throws {
        let scratch = try ScratchDirectory()
        try scratch.write(["test_a.py": "", "env/test_b.py": "", "env/\(file)": ""])
        let suite = Suite(name: "s", runner: "pytest", workingDirectory: scratch.path)
        #expect(PytestFiles(suite: suite, tools: scratch.tools).found() == nil)
    }

    @Test func `a linked directory is left to pytest`() throws {
        let scratch = try ScratchDirectory()
        try scratch.write(["real/test_a.py": ""])
        try scratch.link("linked", to: "real")
        let suite = Suite(name: "s", runner: "pytest", workingDirectory: scratch.path)
        #expect(PytestFiles(suite: suite, tools: scratch.tools).found() == nil)
    }

    @Test func `a configuration above the suite's directory counts, but not its testpaths`() throws {
        let scratch = try ScratchDirectory()
        try scratch.write([
            "pytest.ini": "[pytest]\ntestpaths = gone\npython_files = check_*.py\n", "sub/check_a.py": "",
            "sub/test_b.py": "",
        ])
        let suite = Suite(name: "s", runner: "pytest", workingDirectory: scratch.path.appending("sub"))
        #expect(PytestFiles(suite: suite, tools: scratch.tools).found()?.files == ["check_a.py"])
    }
}
