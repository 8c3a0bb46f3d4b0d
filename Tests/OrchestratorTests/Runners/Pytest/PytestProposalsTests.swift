import CICore
import Testing

@testable import Orchestrator

struct PytestProposalsTests {
    @Test(arguments: [
        (["pytest.ini": ""], ["": "pytest.ini"]),
        (["setup.cfg": "[tool:pytest]\n", "sub/pytest.ini": ""], ["": "setup.cfg"]),
        (
            ["a/pyproject.toml": "[tool.pytest.ini_options]\n", "b/tox.ini": "[pytest]\n"],
            ["a": "pyproject.toml", "b": "tox.ini"]
        ),
        (["pyproject.toml": "[tool.\"pytest\".ini_options]\nx = 1\n"], ["": "pyproject.toml"]),
        (["tests/test_a.py": "import unittest", "tests/conftest.py": ""], ["": "conftest.py"]),
        (["tests/test_a.py": "def test_x(): pass"], ["": "test_a.py"]),
        (["tests/test_a.py": "x = 1", "pyproject.toml": "[tool.black]\n", "tox.ini": "[tox]\n"], [:]),
        (["main.py": ""], [:]),
    ])
    func `suites are proposed where pytest is at home`(files: [String: String], proposals: [String: String]) throws {
        let scratch = try ScratchDirectory()
        try scratch.write(files)
        let found = PytestRunner().proposals(in: SourceTree(scanning: scratch.path, with: LocalFileSystem()))
        #expect(Set(found.map(\.directory)) == Set(proposals.keys))
        for proposal in found {
            #expect(proposal.because.contains(proposals[proposal.directory] ?? "?"), "\(proposal.because)")
        }
    }
}
