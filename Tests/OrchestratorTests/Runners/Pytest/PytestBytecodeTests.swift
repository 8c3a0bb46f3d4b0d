import Artifacts
import CICore
import SystemPackage
import Testing

@testable import Orchestrator

/// Rewritten test files are kept where Python keeps none, and are never stale; on the real tool.
struct PytestBytecodeTests {
    private func project(
        writesBytecode: Bool = false, adding files: [String: String] = [:]
    ) async throws -> ConformanceProject {
        let own = [
            "test_a.py": "from test_b import three\ndef test_1(): assert three() == 3\n",
            "test_b.py": "def three(): return 3\ndef test_2(): assert three() == 3\n",
        ]
        return try await ConformanceProject.temporary(
            PytestRunner(), files: own.merging(files) { $1 },
            template: .init(environment: ["PYTHONDONTWRITEBYTECODE": writesBytecode ? "" : "1"]))
    }

    private func run(_ project: ConformanceProject) async -> [String: Outcome] {
        await project.run(["test_a.py", "test_b.py"].map { TestUnit(suite: "s", selector: $0, granularity: .file) })
            .outcomes
    }

    private func kept(_ project: ConformanceProject) -> [FilePath] {
        let directory = project.cache.appending(PytestRunner.cache)
        return ((try? LocalFileSystem().entries(of: directory)) ?? []).map { directory.appending($0.name) }
    }

    private let passed: [String: Outcome] = ["test_a.py::test_1": .passed, "test_b.py::test_2": .passed]

    @Test func `a changed file of the same length counts as it is now`() async throws {
        let project = try await project()
        #expect(await run(project) == passed)
        #expect(kept(project).count >= 2)
        try project.scratch.write([
            "project/test_b.py": "def three(): return 4\ndef test_2(): assert three() == 3\n"
        ])
        #expect(await run(project) == ["test_a.py::test_1": .failed, "test_b.py::test_2": .failed])
    }

    @Test func `what was kept is used`() async throws {
        let conftest = """
            import os
            import _pytest.assertion.rewrite
            if os.path.exists("no-more"):
                _pytest.assertion.rewrite.rewrite_asserts = None
            """
        let project = try await project(adding: ["conftest.py": conftest])
        #expect(await run(project) == passed)
        try project.scratch.write(["project/no-more": ""])
        #expect(await run(project) == passed)
        for file in kept(project) { try LocalFileSystem().remove(file) }
        #expect(await run(project) != passed)
    }

    @Test(arguments: ["", "rubbish", "\u{0}\u{0}"])
    func `a damaged file is made again`(damage: String) async throws {
        let project = try await project()
        _ = await run(project)
        let files = LocalFileSystem()
        for file in kept(project) { try files.write(Array(damage.utf8), to: file) }
        #expect(await run(project) == passed)
        for file in kept(project) { #expect(try files.contents(of: file, limit: 1 << 20).count > 100) }
    }

    @Test func `where Python keeps bytecode itself nothing is kept`() async throws {
        let project = try await project(writesBytecode: true)
        #expect(await run(project) == passed)
        #expect(kept(project).isEmpty)
    }

    @Test func `tests do not see where, and what they import is not kept`() async throws {
        let test = """
            import os
            def test_1(pytester):
                assert "DTCI_PYTEST_CACHE" not in os.environ
                pytester.makepyfile("def test_inner(): assert 1")
                pytester.runpytest_inprocess().assert_outcomes(passed=1)
            """
        let project = try await project(adding: ["test_a.py": test, "conftest.py": "pytest_plugins = ['pytester']\n"])
        #expect(await run(project) == passed)
        let contents = try kept(project).map { try LocalFileSystem().contents(of: $0, limit: 1 << 22) }
        #expect(contents.contains { $0.firstRange(of: Array("test_1".utf8)) != nil })
        // The outer file, `test_b.py` and `conftest.py`; plugins in their own places may be among the rest.
        #expect(
            !contents.contains {
                $0.firstRange(of: Array("runpytest_inprocess".utf8)) == nil
                    && $0.firstRange(of: Array("test_inner".utf8)) != nil
            })
    }
}
