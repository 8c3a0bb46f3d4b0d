import Foundation
import Testing

/// The real plugins pytest-dependency and pytest-order, which know only tests of their own process.
@Suite(.enabled(if: PytestOrderTools.areInstalled, "scripts/test installs the plugins"))
struct PytestOrderTests {
    private let directory: TemporaryDirectory
    private let binary: DTCIBinary

    init() throws {
        directory = try TemporaryDirectory()
        binary = DTCIBinary(in: directory.url)
    }

    private func configure(_ lines: [String]) throws {
        try directory.write(
            ([
                "version: 1", "suites:", "  - name: s", "    runner: pytest",
                "    command: [\(PytestOrderTools.pytest.path)]",
            ]
                + lines.map { "    \($0)" }).joined(separator: "\n") + "\n", to: "dt-ci.yml")
    }

    private func outcomes() throws -> [String: String] {
        let data = Data(try directory.text(".dt-ci/results.json").utf8)
        let results = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        let tests = try #require(results["tests"] as? [[String: Any]])
        return Dictionary(tests.map { ($0["id"] as? String ?? "", $0["outcome"] as? String ?? "") }) { first, _ in first
        }
    }

    private static let login = """
        import os, pytest

        @pytest.mark.dependency(name="login", scope="session")
        def test_login():
            if os.path.exists("flaky"):
                os.remove("flaky")
                assert False, "not yet"
            assert not os.path.exists("broken")

        @pytest.mark.dependency(depends=["login"])
        def test_profile(): pass

        """
    private static let shop = """
        import pytest

        @pytest.mark.dependency(depends=["login"], scope="session")
        def test_buy(): pass

        @pytest.mark.dependency(name="pay", depends=["test_shop.py::test_buy"], scope="session")
        def test_pay(): pass

        def test_look(): pass
        """

    private func writeShop() throws {
        try directory.write(Self.login, to: "test_login.py")
        try directory.write(Self.shop, to: "test_shop.py")
    }

    @Test(arguments: [[], ["granularity: test", "units-per-batch: 1"]])
    func `tests that depend on each other run in one process, over all files`(lines: [String]) async throws {
        try writeShop()
        try configure(lines)
        let output = try await binary.run("run", "--slots", "4")
        #expect(output.exitCode == 0, "\(output)")
        #expect(try outcomes().values.sorted() == ["passed", "passed", "passed", "passed", "passed"])
    }

    @Test func `a dependency that failed leaves its dependents skipped, named by the plugin`() async throws {
        try writeShop()
        try directory.write("", to: "broken")
        try configure(["retries: 1"])
        let output = try await binary.run("run")
        #expect(output.exitCode == 1, "\(output)")
        let outcomes = try outcomes()
        #expect(outcomes["s::test_login.py::test_login"] == "failed")
        #expect(outcomes["s::test_login.py::test_profile"] == "skipped")
        #expect(outcomes["s::test_shop.py::test_pay"] == "skipped")
        #expect(outcomes["s::test_shop.py::test_look"] == "passed")
        #expect(try directory.text(".dt-ci/junit.xml").contains("test_buy depends on login"))
    }

    @Test func `a dependency that passes when it is tried again lets its dependents run after all`() async throws {
        try writeShop()
        try directory.write("", to: "flaky")
        try configure(["retries: 1"])
        let output = try await binary.run("run")
        #expect(output.exitCode == 0, "\(output)")
        #expect(try outcomes().values.sorted() == ["passed", "passed", "passed", "passed", "passed"], "\(output)")
    }

    @Test func `numbered tests of a file keep their order when the file is cut`() async throws {
        try directory.write(
            """
            import pytest

            def note(name):
                with open("log", "a") as file: file.write(name + "\\n")

            @pytest.mark.order(3)
            def test_c(): note("c")

            @pytest.mark.order(1)
            def test_a(): note("a")

            @pytest.mark.order(after="test_a")
            def test_b(): note("b")

            @pytest.mark.order(2)
            def test_ab(): note("ab")
            """, to: "test_steps.py")
        try configure(["granularity: test", "units-per-batch: 1"])
        let output = try await binary.run("run", "--slots", "4")
        #expect(output.exitCode == 0, "\(output)")
        let log = try directory.text("log").split(separator: "\n").map(String.init)
        #expect(log.filter { $0 != "b" } == ["a", "ab", "c"])
        #expect((log.firstIndex(of: "b") ?? -1) > (log.firstIndex(of: "a") ?? 9))
    }
}

/// pytest with the plugins, in a directory of the build's.
private enum PytestOrderTools {
    static let pytest = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: ".build/pytest-order-tools/bin/pytest")
    static var areInstalled: Bool { FileManager.default.isExecutableFile(atPath: pytest.path) }
}
