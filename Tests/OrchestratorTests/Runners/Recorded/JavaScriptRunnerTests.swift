import Artifacts
import CICore
import SystemPackage
import Testing

@testable import Orchestrator

/// Jest, Vitest, Playwright and Cypress on recorded listings.
@Suite struct JavaScriptRunnerTests {
    private let place = BatchPlace(root: "/work/web/.dt-ci/b1")

    @Test func `Jest's list gives files relative to the suite`() async throws {
        let world = try RecordedTools([("--listTests", .init(output: try RecordedTools.recording("jest-list.txt")))])
        let found = try await JestRunner().discover(
            RecordedTools.suite("jest"), granularity: .file, using: world.tools)
        #expect(found.units.map(\.selector) == ["src/a.test.js", "src/deep/b.test.js"])
    }

    @Test func `a listing that is none is an error with the tool's words`() async throws {
        let world = try RecordedTools([("--listTests", .init(output: "npm ERR! no jest here"))])
        let error = await #expect(throws: RunnerError.self) {
            try await JestRunner().discover(RecordedTools.suite("jest"), granularity: .file, using: world.tools)
        }
        #expect(error?.code == .listingFailed)
        #expect(error?.output?.contains("no jest here") == true)
    }

    @Test func `a single Jest test is asked for by an anchored, escaped name in its file`() throws {
        let unit = TestUnit(
            suite: "s", selector: "src/a.test.js::math adds (1) [x].*", granularity: .test, container: "src/a.test.js")
        let invocation = try JestRunner().invocation(for: [unit], of: RecordedTools.suite("jest"), in: place)
        #expect(invocation.arguments.contains(#"--testNamePattern=^(?:math adds \(1\) \[x\]\.\*)$"#))
        #expect(invocation.arguments.suffix(2) == ["--runTestsByPath", "src/a.test.js"])
        #expect(invocation.sideFiles.map(\.path.lastComponent?.string) == ["dtci_jest.cjs"])
    }

    @Test func `files and single tests of several files are successive starts of one batch`() throws {
        let units = [
            TestUnit(suite: "s", selector: "a.test.js", granularity: .file),
            TestUnit(suite: "s", selector: "b.test.js::x", granularity: .test, container: "b.test.js"),
        ]
        let invocation = try JestRunner().invocation(for: units, of: RecordedTools.suite("jest"), in: place)
        #expect(invocation.arguments.first == "bash")
        let lists = String(decoding: invocation.standardInput ?? [], as: UTF8.self).split(separator: "\0\0")
        #expect(
            lists == [
                "--runTestsByPath\0a.test.js", "--testNamePattern=^(?:x)$\0--runTestsByPath\0b.test.js",
            ])
    }

    @Test func `Vitest's list gives tests of files`() async throws {
        let text = try RecordedTools.recording("vitest-list.json")
        let world = try RecordedTools([("list", .init(file: ("--json=", text)))])
        let runner = VitestRunner()
        let suite = RecordedTools.suite("vitest")
        let found = try await runner.discover(suite, granularity: .test, using: world.tools)
        #expect(
            Set(found.units.flatMap { $0.tests ?? [] }) == [
                "src/math.test.ts::math > adds", "src/math.test.ts::math > it's (odd) [x] .*",
                "src/other.test.ts::top level",
            ])
        let file = TestUnit(suite: "s", selector: "src/math.test.ts", granularity: .file)
        let cut = try await runner.split(file, of: suite, into: .test, using: world.tools)
        #expect(cut.count == 2)
        let invocation = try runner.invocation(for: [cut[0]], of: suite, in: place)
        #expect(invocation.arguments.contains("--testNamePattern=^(?:math(?: >)? adds)$"))
    }

    @Test func `Playwright's list gives each test once, whatever the browsers`() async throws {
        let text = try RecordedTools.recording("playwright-list.json")
        let world = try RecordedTools([("--list", .init(output: text))])
        let found = try await PlaywrightRunner().discover(
            RecordedTools.suite("playwright"), granularity: .file, using: world.tools)
        #expect(found.units.map(\.selector) == ["tests/admin/users.spec.ts", "tests/login.spec.ts"])
        #expect(
            found.units.last?.tests == [
                "tests/login.spec.ts::opens", "tests/login.spec.ts::with a password › it's (refused) [x] @slow",
            ])
    }

    @Test func `a Playwright test is held against its file's name and its titles`() throws {
        let unit = TestUnit(
            suite: "s", selector: "tests/login.spec.ts::with a password › opens (x)", granularity: .test,
            container: "tests/login.spec.ts")
        let invocation = try PlaywrightRunner().invocation(
            for: [unit], of: RecordedTools.suite("playwright"), in: place)
        #expect(
            invocation.arguments.contains(#"login\.spec\.ts (?:with a password (?:› )?opens \(x\))(?: @\S+)*$"#))
        #expect(invocation.arguments.last == #"/tests/login\.spec\.ts$"#)
    }

    @Test func `one Playwright test in two browsers is two tests with one selector`() {
        let batch = BatchScope(
            suite: RecordedTools.suite("playwright"),
            units: [TestUnit(suite: "s", selector: "tests/login.spec.ts", granularity: .file)])
        let addresses = ["chromium", "firefox"].compactMap { project in
            var test = ReportedTest(suitePath: [project], name: "opens", attempts: [Attempt(outcome: .passed)])
            test.properties[TestEvent.selectorProperty] = "tests/login.spec.ts::opens"
            return PlaywrightRunner().address(of: test, in: batch)
        }
        #expect(addresses.map(\.selector) == ["tests/login.spec.ts::opens", "tests/login.spec.ts::opens"])
        #expect(addresses.map(\.identifier).last == "tests/login.spec.ts::opens [firefox]")
    }

    @Test func `Cypress runs spec files by one list and leads each test to its file`() throws {
        let units = ["cypress/e2e/a.cy.js", "cypress/e2e/b.cy.ts"].map {
            TestUnit(suite: "s", selector: $0, granularity: .file)
        }
        let suite = RecordedTools.suite("cypress")
        let invocation = try CypressRunner().invocation(for: units, of: suite, in: place)
        #expect(invocation.arguments.suffix(2) == ["--spec", "cypress/e2e/a.cy.js,cypress/e2e/b.cy.ts"])
        var test = ReportedTest(name: "opens", attempts: [Attempt(outcome: .failed)])
        test.properties[TestEvent.selectorProperty] = "cypress/e2e/b.cy.ts::login opens"
        let address = CypressRunner().address(of: test, in: BatchScope(suite: suite, units: units))
        #expect(
            address
                == TestAddress(
                    selector: "cypress/e2e/b.cy.ts", container: "cypress/e2e/b.cy.ts",
                    identifier: "cypress/e2e/b.cy.ts::login opens"))
    }

    @Test(arguments: [
        ("jest", JestRunner() as any TestRunner), ("vitest", VitestRunner()), ("cypress", CypressRunner()),
        ("@playwright/test", PlaywrightRunner()),
    ])
    func `a package that depends on the tool is proposed`(name: String, runner: any TestRunner) throws {
        let scratch = try ScratchDirectory()
        try scratch.write([
            "web/package.json": #"{"devDependencies": {"\#(name)": "^1.0.0"}}"#, "api/package.json": "{broken",
            "package.json": #"{"dependencies": {"left-pad": "1"}}"#,
        ])
        let tree = SourceTree(scanning: scratch.path, with: LocalFileSystem())
        #expect(runner.proposals(in: tree).map(\.directory) == ["web"])
    }
}
