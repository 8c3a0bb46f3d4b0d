import Artifacts
import CICore
import SystemPackage
import Testing

@testable import Orchestrator

/// Gradle, dotnet, minitest, ExUnit and PHPUnit 10 on recordings.
@Suite struct RecordedRunnerTests {
    private let place = BatchPlace(root: "/work/app/.dt-ci/b1")

    @Test func `dotnet's list gives classes, and rows of a theory as one test`() async throws {
        let world = try RecordedTools([
            ("--list-tests", .init(output: try RecordedTools.recording("dotnet-list.txt"))),
            ("build", .init()),
        ])
        let found = try await DotNetRunner().discover(
            RecordedTools.suite("dotnet"), granularity: .class, using: world.tools)
        #expect(found.units.map(\.selector) == ["Demo.CalcTests", "Demo.Outer+InnerTests", "Demo.More.OtherTests"])
        #expect(found.units.first?.tests == ["Demo.CalcTests.Adds", "Demo.CalcTests.Rows"])
    }

    @Test func `a build that fails is no failed listing`() async throws {
        let world = try RecordedTools([
            ("build", .init(output: "Calc.cs(3,5): error CS1002: ; expected", exit: .exited(1)))
        ])
        let error = await #expect(throws: RunnerError.self) {
            try await DotNetRunner().discover(RecordedTools.suite("dotnet"), granularity: .test, using: world.tools)
        }
        #expect(error?.code == .buildFailed)
        #expect(error?.output?.contains("CS1002") == true)
    }

    @Test func `dotnet's filter escapes its own operators`() throws {
        let unit = TestUnit(
            suite: "s", selector: "Demo.Calc.Adds(a|b)", granularity: .test, container: "Demo.Calc")
        let invocation = try DotNetRunner().invocation(for: [unit], of: RecordedTools.suite("dotnet"), in: place)
        #expect(invocation.arguments.last == #"FullyQualifiedName=Demo.Calc.Adds\(a\|b\)"#)
        #expect(invocation.reports.first?.takes("dtci_net8.0_1.trx") == true)
    }

    @Test(arguments: ["Rows(a: 1)", "Demo.CalcTests.Rows(a: 1)"])
    func `a row of a theory leads to its method`(name: String) {
        let batch = BatchScope(
            suite: RecordedTools.suite("dotnet"),
            units: [TestUnit(suite: "s", selector: "Demo.CalcTests", granularity: .class)])
        let test = ReportedTest(className: "Demo.CalcTests", name: name, attempts: [Attempt(outcome: .passed)])
        #expect(
            DotNetRunner().address(of: test, in: batch)
                == TestAddress(
                    selector: "Demo.CalcTests.Rows", container: "Demo.CalcTests",
                    identifier: "Demo.CalcTests.Rows(a: 1)"))
    }

    @Test func `Gradle gets a task for each module and a filter for each test`() throws {
        let units = [
            TestUnit(suite: "s", selector: "demo.ATest", granularity: .class),
            TestUnit(
                suite: "s", selector: "core/api:demo.BTest#rows(int)", granularity: .test,
                container: "core/api:demo.BTest"),
        ]
        let invocation = try GradleRunner().invocation(for: units, of: RecordedTools.suite("gradle"), in: place)
        #expect(invocation.arguments.suffix(2) == [":test", ":core:api:test"])
        let list = try #require(invocation.sideFiles.first { $0.path.lastComponent == "tests.txt" })
        #expect(
            String(decoding: list.contents, as: UTF8.self)
                == "\tdemo.ATest\n\tdemo.ATest$*\ncore/api\tdemo.BTest.rows\ncore/api\tdemo.BTest.rows[*]\n")
        #expect(invocation.reports.map(\.path.lastComponent?.string) == ["reports-root", "reports-core-api"])
    }

    @Test func `minitest runs a test by its class and name, and leads its results back to the file`() throws {
        let suite = RecordedTools.suite("minitest")
        let file = "test/calc_test.rb"
        let unit = TestUnit(
            suite: "s", selector: "\(file)::CalcTest#test_adds", granularity: .test, container: file)
        let invocation = try MinitestRunner().invocation(for: [unit], of: suite, in: place)
        #expect(invocation.arguments.suffix(3) == [file, "--name", #"/\A(?:CalcTest#test_adds)\z/"#])
        var test = ReportedTest(
            className: "CalcTest", name: "test_adds", location: SourceLocation(file: file, line: 3),
            attempts: [Attempt(outcome: .passed)])
        test.properties[TestEvent.selectorProperty] = "CalcTest#test_adds"
        let address = MinitestRunner().address(of: test, in: BatchScope(suite: suite, units: [unit]))
        #expect(address == TestAddress(selector: unit.selector, container: file))
    }

    @Test func `ExUnit runs tests of one file by their names`() throws {
        let file = "test/calc_test.exs"
        let unit = TestUnit(
            suite: "s", selector: "\(file)::CalcTest::test adds: 1 :: 2", granularity: .test, container: file)
        let invocation = try ExUnitRunner().invocation(for: [unit], of: RecordedTools.suite("exunit"), in: place)
        #expect(invocation.arguments.suffix(3) == [file, "--only", "test:test adds: 1 :: 2"])
    }

    @Test func `PHPUnit 10 lists rows in its ids`() throws {
        let listing = PHPUnitListing(try RecordedTools.recording("phpunit10-list.xml"))
        let name = #"App\Tests\CalcTest"#
        #expect(
            listing.classes == [
                .init(
                    name: name,
                    tests: [
                        "\(name)::testAdds", "\(name)::testRows with data set \"one & <two>\"",
                        "\(name)::testRows with data set #0",
                    ], groups: [])
            ])
    }

    @Test(arguments: [
        (GradleRunner() as any TestRunner, ["build.gradle.kts": "", "gradlew": ""], "gradlew"),
        (DotNetRunner(), ["App.sln": ""], "App.sln"),
        (DotNetRunner(), ["T/T.csproj": "<PackageReference Include=\"Microsoft.NET.Test.Sdk\"/>"], "T/T.csproj"),
        (ExUnitRunner(), ["mix.exs": "", "test/a_test.exs": ""], "mix.exs"),
        (MinitestRunner(), ["Rakefile": "", "test/a_test.rb": ""], "1 test files"),
    ])
    func `zero configuration proposes it`(
        runner: any TestRunner, files: [String: String], because: String
    ) throws {
        let scratch = try ScratchDirectory()
        try scratch.write(files)
        let tree = SourceTree(scanning: scratch.path, with: LocalFileSystem())
        let proposals = runner.proposals(in: tree)
        #expect(proposals.count == 1)
        #expect(proposals.first?.because.contains(because) == true)
    }
}
