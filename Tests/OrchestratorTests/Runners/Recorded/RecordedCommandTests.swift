import CICore
import SystemPackage
import Testing

@testable import Orchestrator

/// The lines that people paste to run one test, of runners that are not started here: as their makers document them.
@Suite struct RecordedCommandTests {
    /// A test's identifier and container, and what is to be pasted.
    struct Case: Sendable, CustomTestStringConvertible {
        let runner: RunnerID
        let test: String
        let container: String
        let line: String
        var command: [String]?

        init(_ runner: RunnerID, _ test: String, in container: String, _ line: String, command: [String]? = nil) {
            self.runner = runner
            self.test = test
            self.container = container
            self.line = line
            self.command = command
        }

        var testDescription: String { "\(runner) \(test)" }
    }

    private static let cases = [
        // docs.gradle.org, "Testing in Java & JVM projects", test filtering: class, nested class, method, module's task.
        Case("gradle", "demo.ATest", in: "demo.ATest", "gradle :test --tests demo.ATest"),
        Case("gradle", "demo.ATest#adds", in: "demo.ATest", "gradle :test --tests demo.ATest.adds"),
        Case("gradle", "demo.ATest#rows(int)[2]", in: "demo.ATest", "gradle :test --tests demo.ATest.rows"),
        Case("gradle", "demo.A$Inner#adds", in: "demo.A$Inner", "gradle :test --tests 'demo.A$Inner.adds'"),
        Case(
            "gradle", "core/api:demo.ATest#adds more", in: "core/api:demo.ATest",
            "./gradlew :core:api:test --tests 'demo.ATest.adds more'", command: ["./gradlew"]),
        // playwright.dev, "Command line": --grep is held against project, file, titles; files are patterns.
        Case(
            "playwright", "e2e/a.spec.ts::shop › adds (1)", in: "e2e/a.spec.ts",
            #"npx --no-install playwright test --grep 'a\.spec\.ts (?:shop (?:› )?adds \(1\))(?: @\S+)*$' '/e2e/a\.spec\.ts$'"#
        ),
        Case(
            "playwright", "e2e/a.spec.ts::adds [chromium]", in: "e2e/a.spec.ts",
            #"npx --no-install playwright test '/e2e/a\.spec\.ts$'"#),
        Case(
            "playwright", "e2e/a.spec.ts", in: "e2e/a.spec.ts",
            #"npx --no-install playwright test '/e2e/a\.spec\.ts$'"#),
        // jestjs.io, "Jest CLI Options": --testNamePattern, --runTestsByPath.
        Case(
            "jest", "src/a.test.js::shop adds 1+1", in: "src/a.test.js",
            #"npx --no-install jest '--testNamePattern=^shop adds 1\+1$' --runTestsByPath src/a.test.js"#),
        Case(
            "jest", "src/a.test.js", in: "src/a.test.js", "npx --no-install jest --runTestsByPath src/a.test.js"),
        // vitest.dev, "Command Line Interface": vitest run, --testNamePattern, files that hold a word.
        Case(
            "vitest", "src/a.test.ts::shop > adds", in: "src/a.test.ts",
            #"npx --no-install vitest run '--testNamePattern=^shop(?: >)? adds$' src/a.test.ts"#),
        // docs.cypress.io, "Command Line": --spec; Cypress selects no single tests.
        Case(
            "cypress", "cypress/e2e/a.cy.js::shop adds", in: "cypress/e2e/a.cy.js",
            "npx --no-install cypress run --spec cypress/e2e/a.cy.js"),
        // man xcodebuild: -only-testing:TestTarget[/TestClass[/TestMethod]]
        Case(
            "xcodebuild", "AppTests/LoginTests/testOut", in: "AppTests",
            "xcodebuild -scheme App test -only-testing:AppTests/LoginTests/testOut",
            command: ["xcodebuild", "-scheme", "App"]),
        // nexte.st, "Filterset DSL": binary_id and test with the equality matcher, escapes with a backslash.
        Case(
            "cargo-nextest", "one::it#adds", in: "one::it",
            "cargo nextest run -E '(binary_id(=one::it) & (test(=adds)))'"),
        Case("cargo-nextest", "one::it", in: "one::it", "cargo nextest run -E 'binary_id(=one::it)'"),
        // minitest's README: `ruby -Ilib:test test/minitest/test_minitest_test.rb -n /pattern/`; Rails' guide: bin/rails test.
        Case(
            "minitest", "test/calc_test.rb::CalcTest#test_adds", in: "test/calc_test.rb",
            #"ruby -Ilib:test test/calc_test.rb --name '/\ACalcTest#test_adds\z/'"#),
        Case(
            "minitest", "test/calc_test.rb::CalcTest#test_adds?", in: "test/calc_test.rb",
            #"bin/rails test test/calc_test.rb --name '/\ACalcTest#test_adds\?\z/'"#, command: ["bin/rails", "test"]),
        // learn.microsoft.com, "Run selective unit tests" and "TestCase filter": operators, generic types.
        Case(
            "dotnet", "Demo.CalcTests.Rows(a: 1)", in: "Demo.CalcTests",
            "dotnet test --filter FullyQualifiedName=Demo.CalcTests.Rows"),
        Case(
            "dotnet", "Demo.CalcTests", in: "Demo.CalcTests",
            "dotnet test --filter 'FullyQualifiedName~Demo.CalcTests.'"),
        Case(
            "dotnet", "Demo.Calc<A,B>.Adds", in: "Demo.Calc<A,B>",
            "dotnet test --filter 'FullyQualifiedName=Demo.Calc<A%2CB>.Adds'"),
        // hexdocs.pm, "mix test": --only with the tag `test`, which holds the test's whole name.
        Case(
            "exunit", "test/calc_test.exs::CalcTest::test adds 1 + 1", in: "test/calc_test.exs",
            "mix test test/calc_test.exs --only 'test:test adds 1 + 1'"),
        Case("exunit", "test/calc_test.exs", in: "test/calc_test.exs", "mix test test/calc_test.exs"),
    ]

    @Test(arguments: cases) func `one test alone, in the words of its runner`(_ example: Case) {
        let suite = Suite(
            name: "s", runner: example.runner, workingDirectory: "/work",
            command: .init(run: example.command.map { .arguments($0) }))
        let configuration = Configuration(
            root: "/work", suites: [suite], storage: .init(history: "", results: "/work/.dt-ci", quarantine: "/work/q"))
        let test = TestRecord(
            id: TestID("s::\(example.test)"), identity: TestIdentity(suite: "s", className: "", name: example.test),
            container: example.container, attempts: [Attempt(outcome: .failed)])
        #expect(OwnCommand(configuration).line(for: test) == example.line)
    }

    @Test func `every runner that is not started here is in the table`() {
        let recorded = TestRunners.all.filter { $0.profile.support == .recorded }.map(\.id)
        #expect(Set(recorded) == Set(Self.cases.map(\.runner)))
    }
}
