import CICore
import SystemPackage
import Testing

@testable import Orchestrator

struct ToolCheckTests {
    private static let suite = Suite(name: "unit", runner: "pytest", workingDirectory: "/")

    private func reading(
        _ output: String, errors: String = "", exit: ProcessExit = .exited(0), minimum: String? = nil
    ) -> ToolCheck {
        ToolCheck.reading(
            CapturedProcess(exit: exit, standardOutput: Array(output.utf8), standardError: Array(errors.utf8)),
            to: ToolQuestion(program: "tool", minimum: minimum))
    }

    @Test(arguments: [
        ("pytest 9.0.3\n", "pytest 9.0.3"),
        ("\u{1B}[1mApache Maven 3.8.7\u{1B}[m\nMaven home: /x\n", "Apache Maven 3.8.7"),
        ("------\nGradle 8.5\n", "Gradle 8.5"), ("go version go1.19.8 linux/amd64", "go version go1.19.8 linux/amd64"),
        ("5.17.0", "5.17.0"),
        ("Erlang/OTP 25 [erts-13.1.5]\n\nMy-Tool 1.14.0 (compiled)\n", "My-Tool 1.14.0 (compiled)"),
    ]) func `the version is the first line with a number of several parts`(output: String, line: String) {
        #expect(reading(output) == .answered(line))
        #expect(reading("", errors: output) == .answered(line))
    }

    @Test(arguments: [
        ("v18.19.1", true), ("v18.20.0", false), ("v20.0.0", false), ("v18.3.0", true), ("v18.20", false),
    ]) func `too old is told by numbers and not by letters`(version: String, isTooOld: Bool) {
        let check = reading(version, minimum: "18.20")
        #expect(check == (isTooOld ? .outdated(version, minimum: "18.20") : .answered(version)))
    }

    @Test func `an answer without a version is none`() {
        #expect(reading("hello\nworld") == .speechless("hello"))
        #expect(reading("\u{0}\u{1}\u{FFFD}") == .speechless("\u{FFFD}"))
        #expect(reading("") == .speechless(""))
    }

    @Test func `of an error the telling line is kept`() {
        let trace = "node:internal/modules:1210\n  throw err;\n  ^\n\nError: Cannot find module 'which'\n"
        #expect(
            reading("", errors: trace, exit: .exited(1))
                == .refused(.exited(1), words: "Error: Cannot find module 'which'"))
        #expect(reading("", exit: .signaled(11)) == .refused(.signaled(11), words: ""))
    }

    @Test(arguments: [
        (Suite.Command.Line.arguments(["poetry", "run", "pytest"]), true), (.arguments(["/opt/bin/pytest"]), true),
        (.shell("cd src && pytest"), true), (.arguments(["pytest", "-x"]), false), (.shell("make test"), false),
    ]) func `a command of the user's is asked only if it ends with the tool's name`(
        line: Suite.Command.Line, isAsked: Bool
    ) throws {
        var suite = Self.suite
        suite.command.run = line
        let question = try #require(PytestRunner().question(about: suite))
        #expect((question.arguments != nil) == isAsked)
        #expect(question.arguments?.last == (isAsked ? "--version" : nil))
        #expect(question.ways.isEmpty)
    }

    @Test(arguments: TestRunners.all.map(\.id))
    func `every runner asks its tool without running a test, and knows how to get it`(runner: RunnerID) throws {
        let suite = Suite(name: "unit", runner: runner, workingDirectory: "/")
        guard let question = try #require(TestRunners.runner(runner)).question(about: suite) else {
            #expect(runner == "googletest")
            return
        }
        guard let arguments = question.arguments else {
            #expect(runner == "command")
            return
        }
        #expect(arguments.first == question.program && !question.ways.isEmpty)
        let words = ["--version", "version", "-version", "--help"]
        #expect(arguments.contains { words.contains($0) } || arguments.contains { $0.contains("VERSION") })
    }

    @Test func `the real world gives every kind of answer`() async throws {
        let tools = RunnerTools(
            processes: LocalProcesses(), files: LocalFileSystem(), environment: ["PATH": "/usr/bin:/bin"],
            scratch: "/tmp")
        func ask(_ line: String, in directory: FilePath = "/") async -> ToolCheck {
            var suite = Self.suite
            suite.workingDirectory = directory
            return await ToolCheck.of(
                ToolQuestion(program: "sh", arguments: ["sh", "-c", line]), for: suite, using: tools,
                within: .milliseconds(400))
        }
        #expect(await ask("echo tool 1.2") == .answered("tool 1.2"))
        #expect(await ask("sleep 60") == .hanging(after: .milliseconds(400)))
        #expect(await ask("exit 3") == .refused(.exited(3), words: ""))
        #expect(await ask("echo 1.2", in: "/nowhere") == .nowhere("/nowhere"))
        #expect(await ask("head -c 200000 /dev/urandom; echo; echo 3.4") != .hanging(after: .milliseconds(400)))
        let missing = ToolQuestion(program: "nosuchtool", arguments: ["nosuchtool"])
        #expect(
            await ToolCheck.of(missing, for: Self.suite, using: tools, within: .seconds(1)) == .missing("nosuchtool"))
        let unasked = ToolQuestion(program: "sh")
        #expect(
            await ToolCheck.of(unasked, for: Self.suite, using: tools, within: .seconds(1)) == .unasked("/usr/bin/sh"))
    }
}
