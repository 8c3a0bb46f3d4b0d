import CICore
import SystemPackage
import TestHistory
import Testing

@testable import Orchestrator

struct TestChoiceTests {
    private static let root: FilePath = "/w"

    private static let files = ["tests/unit/test_a.py", "tests/unit2/test_b.py", "tests/unit.py"]

    private static func tests(_ file: String, _ names: [String]) -> [TestUnit] {
        names.map {
            TestUnit(suite: "api", selector: "\(file)::\($0)", granularity: .test, container: file, tests: nil)
        }
    }

    /// Files whose tests are known once they are cut.
    private static let runner = FakeRunner(
        units: files.map { TestUnit(suite: "api", selector: $0, granularity: .file) },
        pieces: [
            files[0]: tests(files[0], ["Cart::test_add", "Cart::test_remove", "test_rows[1]", "test_rows[2]"]),
            files[1]: tests(files[1], ["test_add", "test_address"]),
            files[2]: tests(files[2], ["test_unit"]),
        ])

    private func narrowed(
        _ patterns: [String], _ runner: FakeRunner = runner, directory: String = "api", tolerant: Bool = false
    ) async throws -> (selectors: [String], missing: [String]) {
        let scratch = try ScratchDirectory()
        let suite = Suite(name: "api", runner: "fake", workingDirectory: Self.root.pushing(FilePath(directory)))
        let prepared = PreparedSuite(
            suite: suite, runner: runner, inventory: SuiteInventory(units: runner.units),
            estimates: UnitEstimates(model: .empty(suite: "api"), costs: runner.profile.costs))
        let result = try await TestChoice(patterns, toleratesMissing: tolerant)
            .narrow([prepared], below: Self.root, using: scratch.tools)
        return (result.suites.flatMap { $0.inventory.units.map(\.selector) }, result.missing)
    }

    @Test(arguments: [
        // What is called just so.
        ("api", files), ("api::", files),
        ("tests/unit/test_a.py", [files[0]]), ("./tests/unit/test_a.py", [files[0]]),
        ("api/tests/unit/test_a.py", [files[0]]), ("/w/api/tests/unit/test_a.py", [files[0]]),
        ("api::tests/unit/test_a.py", [files[0]]),
        // A directory is not what only begins like it.
        ("tests/unit", [files[0]]), ("tests/unit/", [files[0]]), ("api/tests/unit2", [files[1]]), ("tests", files),
        // Finer than a unit.
        ("api::tests/unit/test_a.py::Cart::test_add", ["tests/unit/test_a.py::Cart::test_add"]),
        (
            "tests/unit/test_a.py::Cart",
            ["tests/unit/test_a.py::Cart::test_add", "tests/unit/test_a.py::Cart::test_remove"]
        ),
        (
            "tests/unit/test_a.py::test_rows",
            ["tests/unit/test_a.py::test_rows[1]", "tests/unit/test_a.py::test_rows[2]"]
        ),
        ("api::tests/unit2/test_b.py::test_add", ["tests/unit2/test_b.py::test_add"]),
        // Every id that holds it.
        ("test_address", ["tests/unit2/test_b.py::test_address"]),
        ("test_add", ["tests/unit/test_a.py::Cart::test_add", files[1]]),
        ("test_b.py", [files[1]]),
        // Globs.
        ("*::test_add", ["tests/unit/test_a.py::Cart::test_add", "tests/unit2/test_b.py::test_add"]),
        ("tests/unit?/*", [files[1]]), ("api/tests/*_b.py", [files[1]]), ("a?i", files),
        ("api::*rows[1]", ["tests/unit/test_a.py::test_rows[1]"]),
    ])
    func `a pattern means what is called so, else what holds it`(pattern: String, expected: [String]) async throws {
        #expect(try await narrowed([pattern]).selectors.sorted() == expected.sorted())
    }

    @Test func `several patterns choose each test once`() async throws {
        let file = "tests/unit2/test_b.py"
        #expect(try await narrowed([file + "::test_add", file, file + "::test_address"]).selectors == [file])
        #expect(try await narrowed([file + "::test_add", file + "::test_add"]).selectors == [file + "::test_add"])
    }

    @Test func `the runner lists no more than the pattern needs`() async throws {
        var runner = Self.runner
        runner.finerFailure = RunnerError(code: .listingFailed, suite: "api", description: "must not be asked")
        #expect(try await narrowed([Self.files[1] + "::test_add"], runner).selectors.count == 1)
        runner.splitFailure = runner.finerFailure
        #expect(try await narrowed(["tests/unit"], runner).selectors.count == 1)
        await #expect(throws: RunnerError.self) { try await narrowed(["test_add"], runner) }
    }

    @Test func `what the listing knows of tests is enough where a runner tells them`() async throws {
        let unit = TestUnit(
            suite: "api", selector: "pkg", granularity: .file, tests: ["pkg.TestA", "pkg.TestAB", "pkg.TestB"])
        let able = FakeRunner(units: [unit])
        #expect(try await narrowed(["pkg.TestA"], able).selectors == ["pkg.TestA"])
        #expect(try await narrowed(["TestA"], able).selectors == ["pkg.TestA", "pkg.TestAB"])
        #expect(try await narrowed(["api::pkg.TestB/row one"], able).selectors == ["pkg.TestB"])
    }

    @Test func `a runner that lists whole files runs the file of a test, unless the id is enough for it`() async throws
    {
        let unit = TestUnit(suite: "api", selector: "t/a.t", granularity: .file)
        let runner = FakeRunner(finest: .file, units: [unit])
        #expect(try await narrowed(["api::t/a.t::adds"], runner).selectors == ["t/a.t"])
        var knowing = runner
        knowing.knowsTestsById = true
        #expect(try await narrowed(["api::t/a.t::adds"], knowing).selectors == ["t/a.t::adds"])
    }

    @Test func `the end of a process stands for the tests before it`() async throws {
        #expect(try await narrowed(["api::\(Self.files[1])\(Aftermath.processEnd)"]).selectors == [Self.files[1]])
    }

    @Test func `a test whose name is a glob is called just so`() async throws {
        let units = ["a*", "ab", "a?"].map { TestUnit(suite: "api", selector: $0, granularity: .test) }
        #expect(try await narrowed(["api::a*"], FakeRunner(units: units)).selectors == ["a*"])
        #expect(try await narrowed(["a?"], FakeRunner(units: units)).selectors == ["a?"])
    }

    @Test func `what means nothing is named with the nearest ids`() async throws {
        await #expect {
            try await narrowed(["test_adress", "test_add"])
        } throws: { error in
            let issues = (error as? ConfigurationError)?.issues ?? []
            return issues.count == 1 && issues[0].description.contains("\"test_adress\"")
                && issues[0].description.contains("nearest: api::tests/unit2/test_b.py::test_address")
        }
        await #expect(throws: ConfigurationError.self) { try await narrowed(["x"], FakeRunner()) }
        await #expect(throws: ConfigurationError.self) { try await narrowed(["test_add", ""]) }
    }

    @Test func `what failed last time and is gone is told, unless all of it is gone`() async throws {
        let result = try await narrowed(["api::tests/unit.py", "api::gone"], tolerant: true)
        #expect(result.selectors == ["tests/unit.py"])
        #expect(result.missing == ["api::gone"])
        await #expect(throws: ConfigurationError.self) { try await narrowed(["api::gone"], tolerant: true) }
    }

    @Test func `only the suites that patterns name are listed`() {
        let suites = ["unit", "e2e"].map { Suite(name: $0, runner: "fake", workingDirectory: Self.root) }
        let chosen = { (patterns: [String]) in TestChoice(patterns).suites(among: suites).map(\.name) }
        #expect(chosen(["unit::tests/a.py::t"]) == ["unit"])
        #expect(chosen(["e2e", "unit"]) == ["unit", "e2e"])
        #expect(chosen(["unit::x", "test_add"]) == ["unit", "e2e"])
    }

    @Test func `ids of earlier results are chosen by the same patterns`() {
        let ids: [TestID] = ["unit::a.py::test_x", "e2e::b::x", "other::a.py::test_x"]
        let chosen = { (patterns: [String]) in TestChoice(patterns).among(ids, suites: ["unit", "e2e"]) }
        #expect(chosen(["unit"]) == ["unit::a.py::test_x"])
        #expect(chosen(["a.py"]) == ["unit::a.py::test_x"])
        #expect(chosen(["*x"]) == ["unit::a.py::test_x", "e2e::b::x"])
    }
}
