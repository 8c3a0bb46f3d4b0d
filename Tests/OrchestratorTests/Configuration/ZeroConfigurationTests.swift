import CICore
import SystemPackage
import Testing

@testable import Orchestrator

@Suite struct ZeroConfigurationTests {
    private func proposal(_ runner: RunnerID, in directory: String = "", paths: [String] = []) -> SuiteProposal {
        SuiteProposal(
            name: runner.rawValue, runner: runner, directory: directory, paths: paths, because: "found \(runner)")
    }

    private func names(_ proposals: SuiteProposal...) -> [String] {
        ZeroConfiguration(choosing: proposals).proposals.map(\.name)
    }

    @Test func `suites of different runners stand side by side`() {
        #expect(names(proposal("pytest"), proposal("bats"), proposal("jest", in: "web")) == ["pytest", "bats", "jest"])
    }

    @Test func `two runners of the same tests leave the preferred one`() {
        #expect(names(proposal("gotestsum"), proposal("go")) == ["go"])
        #expect(names(proposal("junit5"), proposal("maven")) == ["maven"])
        #expect(names(proposal("node"), proposal("mocha")) == ["mocha"])
    }

    @Test func `a directory within a suite of the same runner is not run twice`() {
        #expect(names(proposal("pytest", in: "api/tests"), proposal("pytest", in: "api")) == ["pytest"])
        #expect(names(proposal("go", in: "tools"), proposal("go")) == ["go"])
        #expect(ZeroConfiguration(choosing: [proposal("go", in: "a"), proposal("go")]).proposals[0].directory == "")
    }

    @Test func `a directory that only begins with the same letters is another one`() {
        #expect(names(proposal("pytest", in: "api"), proposal("pytest", in: "api2")) == ["pytest-api", "pytest-api2"])
    }

    @Test func `a suite of named paths covers nothing else`() {
        #expect(names(proposal("pytest", paths: ["unit"]), proposal("pytest", in: "web")).count == 2)
        #expect(
            names(proposal("pytest", paths: ["unit"]), proposal("pytest", paths: ["e2e"])) == ["pytest", "pytest-2"])
    }

    @Test func `what was found and what was left out is said`() {
        let zero = ZeroConfiguration(choosing: [proposal("go"), proposal("gotestsum"), proposal("go", in: "tools")])
        #expect(
            zero.assumptions == [
                "go: found go",
                "left out: gotestsum, because it would run the tests of go again",
                "left out: go in tools, because it lies within the root's go suite",
            ])
    }

    @Test func `fixtures, vendored code and build outputs propose nothing, and fixtures are named`() throws {
        let scratch = try ScratchDirectory()
        let projects = [
            "tests/fixtures/py/pytest.ini": "[pytest]", "Tests/Fixtures/go/go.mod": "module x",
            "Tests/Fixtures/go/a_test.go": "", "Tests/Fixtures/web/package.json": #"{"dependencies": {"jest": "1"}}"#,
            "pkg/testdata/Cargo.toml": "[package]", "vendor/x/go.mod": "module y", "vendor/x/a_test.go": "",
            "node_modules/a/package.json": #"{"dependencies": {"jest": "1"}}"#, ".build/checkouts/p/Package.swift": "",
            ".build/checkouts/p/Tests/T/T.swift": "", "testdata/hello.bats": "@test",
            "tests/fixtures/test_a.py": "def test_x(): 1",
        ]
        try scratch.write(projects)
        let nothing = ZeroConfiguration(in: SourceTree(scanning: scratch.path, with: LocalFileSystem()))
        #expect(nothing.proposals == [])
        #expect(
            nothing.assumptions == [
                "left out: what looks like 2 suites in Tests/Fixtures",
                "left out: what looks like 1 suite in pkg/testdata",
                "left out: what looks like 1 suite in tests/fixtures",
            ])
        try scratch.write(["go.mod": "module z", "a_test.go": "", "api/pytest.ini": "[pytest]"])
        let own = ZeroConfiguration(in: SourceTree(scanning: scratch.path, with: LocalFileSystem()))
        #expect(own.proposals.map(\.name) == ["pytest-api", "go"])
        // Within the fixture its own project is at home.
        let inside = ZeroConfiguration(
            in: SourceTree(scanning: scratch.path.appending("Tests/Fixtures/go"), with: LocalFileSystem()))
        #expect(inside.proposals.map(\.name) == ["go"])
    }

    @Test func `the draft reads back as the same suites`() throws {
        let proposals = [
            SuiteProposal(name: "unit", runner: "pytest", directory: "api", because: "found pytest.ini"),
            SuiteProposal(
                name: "odd: name #1", runner: "command", paths: ["a b", "*.sh", "no", "1.5", ""].dropLast(),
                command: .init(run: .arguments(["x", "{{tests}}", "\"q\"", "- y"]), list: .shell("ls 'a' | sort")),
                because: String(repeating: "a long reason ", count: 30)),
        ]
        let draft = ConfigurationDraft(ZeroConfiguration(choosing: proposals))
        let reader = ConfigurationReader(files: LocalFileSystem(), runners: ["pytest", "command"])
        let settings = try reader.settings(from: Array(draft.text.utf8), source: "dt-ci.yml")
        let suites = (settings[RootKeys.suites] ?? []).compactMap { Suite($0, root: "/r") }
        #expect(suites == proposals.compactMap { Suite(Settings($0), root: "/r") })
        let lines: [Substring] = draft.text.split(whereSeparator: \.isNewline)
        #expect(lines.allSatisfy { line in line.count <= 100 || !line.hasPrefix("  #") })
    }

    @Test func `every comment of the draft is valid once it is taken in`() throws {
        let draft = ConfigurationDraft(ZeroConfiguration(choosing: [proposal("pytest")]))
        let keys = (RunKeys.section.keys + RootKeys.section.keys + SuiteKeys.section.keys).map(\.name)
        let lines = draft.text.split(whereSeparator: \.isNewline).map { line -> String in
            guard let hash = line.firstRange(of: "# "),
                keys.contains(where: { line[hash.upperBound...].hasPrefix("\($0): ") }),
                !line.hasSuffix(": drawn")
            else { return String(line) }
            return String(line[..<hash.lowerBound] + line[hash.upperBound...])
        }
        let reader = ConfigurationReader(files: LocalFileSystem(), runners: ["pytest"])
        let settings = try reader.settings(from: Array(lines.joined(separator: "\n").utf8), source: "dt-ci.yml")
        let run = try #require(settings[RootKeys.run])
        #expect(run.origin(of: "slots") != .standard)
        #expect(RunSettings(run) == RunSettings())
    }

    @Test func `a tree without tests gives a file that is still valid`() throws {
        let draft = ConfigurationDraft(ZeroConfiguration(choosing: []))
        let reader = ConfigurationReader(files: LocalFileSystem(), runners: [])
        #expect(throws: Never.self) { try reader.settings(from: Array(draft.text.utf8), source: "dt-ci.yml") }
    }
}
