import Artifacts
import CICore
import SystemPackage
import Testing

@testable import Orchestrator

/// What is pytest's own, beyond the shared conformance suite; on the real tool.
struct PytestRunnerTests {
    private func run(
        _ files: [String: String], _ selectors: [String], _ granularity: Granularity = .file
    ) async throws -> BatchReport {
        let project = try await ConformanceProject.temporary(PytestRunner(), files: files)
        let units = selectors.map {
            TestUnit(
                suite: "s", selector: $0, granularity: granularity, container: PytestSelector($0).file,
                tests: granularity == .test ? [$0] : nil)
        }
        return await project.run(units)
    }

    @Test func `addopts that would cut a batch short or widen it are taken back`() async throws {
        let report = try await run(
            [
                "pytest.ini": "[pytest]\naddopts = -x --lf --maxfail=1 --junit-xml=own.xml other -q\n",
                "test_a.py": "def test_1(): assert 0\ndef test_2(): assert 0\ndef test_3(): pass\n",
                "other/test_b.py": "def test_4(): pass\n",
            ], ["test_a.py"])
        #expect(
            report.outcomes == [
                "test_a.py::test_1": .failed, "test_a.py::test_2": .failed, "test_a.py::test_3": .passed,
            ])
    }

    @Test func `a test that leaves with exit code 0 is a crash, and is named`() async throws {
        let report = try await run(
            ["test_a.py": "import os\ndef test_1(): pass\ndef test_2(): os._exit(0)\ndef test_3(): pass\n"],
            ["test_a.py"])
        guard case .crashed = report.ending else {
            Issue.record("it reads as \(report.ending)")
            return
        }
        #expect(report.outcomes == ["test_a.py::test_1": .passed])
        #expect(report.progress.running == ["test_a.py::test_2"])
        #expect(report.progress.collected == ["test_a.py::test_1", "test_a.py::test_2", "test_a.py::test_3"])
    }

    @Test func `a file that kills pytest at its import is named`() async throws {
        let report = try await run(
            ["test_a.py": "def test_1(): pass\n", "test_b.py": "import os\nos._exit(3)\n"], ["test_a.py", "test_b.py"])
        #expect(report.progress.running == ["test_b.py"])
    }

    @Test func `a broken file is an error of its own, and the others run`() async throws {
        let report = try await run(
            ["test_a.py": "def test_1(): pass\n", "test_b.py": "import nowhere\n"], ["test_b.py", "test_a.py"])
        #expect(report.outcomes == ["test_a.py::test_1": .passed, "test_b.py": .errored])
        guard case .collectionFailed(let words) = report.ending else {
            Issue.record("it reads as \(report.ending)")
            return
        }
        #expect(words.contains("nowhere"))
    }

    @Test func `a file that skips itself is a result`() async throws {
        let report = try await run(
            ["test_a.py": "import pytest\npytest.importorskip('nowhere')\n"], ["test_a.py"])
        #expect(report.ending == .completed)
        #expect(report.outcomes == ["test_a.py": .skipped])
    }

    @Test func `a file that skips itself is found by a collection too`() async throws {
        let project = try await ConformanceProject.temporary(
            PytestRunner(),
            files: [
                "test_a.py": "import pytest\npytest.importorskip('nowhere')\n", "test_b.py": "def test_1(): pass\n",
            ])
        let units = try await PytestRunner().discover(project.suite, granularity: .test, using: project.tools).units
        #expect(Set(units.map(\.selector)) == ["test_a.py", "test_b.py::test_1"])
        #expect(await project.run(units).outcomes == ["test_a.py": .skipped, "test_b.py::test_1": .passed])
    }

    @Test(arguments: [(nil, Outcome.passed), ("selected", .failed)])
    func `files that lean on each other's imports have all of them, unless they are said to stand alone`(
        mode: String?, outcome: Outcome
    ) async throws {
        let project = try await ConformanceProject.temporary(
            PytestRunner(),
            files: [
                "state.py": "ready = False\n",
                "test_a.py": "import state\nstate.ready = True\ndef test_1(): assert 0\n",
                "test_b.py": "import state\ndef test_2(): assert state.ready\n", "test_c.py": "import nowhere\n",
            ],
            template: .init(environment: mode.map { ["DTCI_PYTEST_IMPORT": $0] } ?? [:]))
        let report = await project.run([TestUnit(suite: "s", selector: "test_b.py", granularity: .file)])
        #expect(report.ending == .completed)
        #expect(report.outcomes == ["test_b.py::test_2": outcome])
    }

    @Test func `failures in set-up and tear-down are errors, a strict unexpected pass is a failure`() async throws {
        let report = try await run(
            [
                "test_a.py": """
                import pytest
                @pytest.fixture
                def late():
                    yield
                    raise ValueError("late")
                def test_late(late): pass
                def test_both(late): assert 0
                @pytest.mark.xfail(strict=True)
                def test_strict(): pass
                @pytest.mark.xfail
                def test_loose(): pass
                """
            ], ["test_a.py"])
        #expect(
            report.outcomes == [
                "test_a.py::test_late": .errored, "test_a.py::test_both": .errored, "test_a.py::test_strict": .failed,
                "test_a.py::test_loose": .passed,
            ])
    }

    @Test func `selectors begin at the suite's directory, also below the root directory`() async throws {
        let project = try await ConformanceProject.temporary(
            PytestRunner(), directory: "sub",
            files: [
                "pytest.ini": "[pytest]\n", "sub/test_a.py": "def test_1(): pass\n",
                "test_up.py": "def test_2(): pass\n",
            ])
        let units = try await PytestRunner().discover(project.suite, granularity: .test, using: project.tools).units
        #expect(units.map(\.selector) == ["test_a.py::test_1"])
        #expect(await project.run(units).outcomes == ["test_a.py::test_1": .passed])
        let up = TestUnit(suite: "s", selector: "../test_up.py", granularity: .file)
        #expect(await project.run([up]).outcomes == ["../test_up.py::test_2": .passed])
    }

    @Test func `a configuration beside the tests of a batch does not change the root directory`() async throws {
        let report = try await run(
            [
                "pytest.ini": "[pytest]\nmarkers = top\n", "sub/pytest.ini": "[pytest]\npython_functions = nothing\n",
                "sub/test_a.py": "def test_1(pytestconfig): assert pytestconfig.inipath.parent.name != 'sub'\n",
            ], ["sub/test_a.py"])
        #expect(report.outcomes == ["sub/test_a.py::test_1": .passed])
    }

    @Test func `more tests than a command line holds run all the same`() async throws {
        let rows = 4_000
        let report = try await run(
            [
                "test_a.py": """
                import pytest
                @pytest.mark.parametrize("x", ["\(String(repeating: "n", count: 300))%d" % i for i in range(\(rows))])
                def test_1(x): pass
                """
            ], ["test_a.py"])
        let selectors = report.tests.map(\.address.selector)
        #expect(selectors.count == rows)
        #expect(!ArgumentLimit.allows(selectors))
        let project = try await ConformanceProject.temporary(PytestRunner(), files: [:])
        let invocation = try PytestRunner().invocation(
            for: selectors.map { TestUnit(suite: "s", selector: $0, granularity: .test) }, of: project.suite,
            in: BatchPlace(root: "/x"))
        #expect(ArgumentLimit.allows(invocation.arguments))
    }

    @Test func `a virtual environment beside the tests is used unless another one is active`() throws {
        let suite = Suite(name: "s", runner: "pytest", workingDirectory: "/w")
        let invocation = try PytestRunner().invocation(for: [], of: suite, in: BatchPlace(root: "/b"))
        let base = ["PATH": "/usr/bin", "PYTHONPATH": "lib"]
        #expect(invocation.environment(over: base)["PATH"] == "/w/.venv/bin:/w/venv/bin:/usr/bin")
        #expect(invocation.environment(over: base)["PYTHONPATH"] == "/b/results:lib")
        let active = base.merging(["VIRTUAL_ENV": "/v"]) { $1 }
        #expect(invocation.environment(over: active)["PATH"] == "/usr/bin")
    }

    @Test func `the user's command is kept, tags become markers`() throws {
        var suite = Suite(
            name: "s", runner: "pytest", workingDirectory: "/w", selection: .init(tags: ["slow", "gpu"]),
            command: .init(run: .arguments(["poetry", "run", "pytest"])))
        let invocation = try PytestRunner().invocation(for: [], of: suite, in: BatchPlace(root: "/b"))
        #expect(invocation.arguments == ["poetry", "run", "pytest", "-p", "dtci_pytest", "-m", "slow or gpu"])
        suite.command.run = .shell("cd x && pytest")
        let shell = try PytestRunner().invocation(for: [], of: suite, in: BatchPlace(root: "/b"))
        #expect(shell.arguments.prefix(4) == ["/bin/sh", "-c", "cd x && pytest \"$@\"", "sh"])
    }

    @Test func `a collection that fails is told in pytest's words`() async throws {
        let project = try await ConformanceProject.temporary(
            PytestRunner(), files: ["conftest.py": "raise RuntimeError('bad conftest')\n", "test_a.py": ""])
        let error = await #expect(throws: RunnerError.self) {
            try await PytestRunner().discover(project.suite, granularity: .test, using: project.tools)
        }
        #expect(error?.code == .listingFailed)
        #expect(error?.output?.contains("bad conftest") == true, "\(error?.output ?? "")")
    }
}
