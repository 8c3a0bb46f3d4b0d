import Artifacts
import CICore
import SystemPackage
import Testing

@testable import Orchestrator

struct CommandRunnerTests {
    private func project(
        _ run: Suite.Command.Line, list: Suite.Command.Line? = nil, files: [String: String] = [:],
        include: [String] = []
    ) async throws -> ConformanceProject {
        try await ConformanceProject.temporary(
            CommandRunner(), files: files,
            template: .init(selection: .init(include: include), command: .init(run: run, list: list)))
    }

    private func units(_ project: ConformanceProject) async throws -> [TestUnit] {
        try await CommandRunner().discover(project.suite, granularity: .file, using: project.tools).units
    }

    @Test func `units come on standard input where the line has no place for them`() async throws {
        let project = try await project(
            .shell("cat > got.txt"), list: .shell("printf 'a\\n\\n$(id)\\na\\n'"))
        let units = try await units(project)
        #expect(units.map(\.selector) == ["a", "$(id)"])
        let report = await project.run(units)
        #expect(report.outcomes == ["a": .passed, "$(id)": .passed])
        let got = try LocalFileSystem().text(of: project.suite.workingDirectory.appending("got.txt"))
        #expect(got == "a\n$(id)\n")
    }

    @Test func `without a report the exit code is the outcome of a single unit`() async throws {
        let project = try await project(
            .arguments(["./check", "{{tests}}"]), files: ["a.t": "", "b.t": ""], include: ["*.t"])
        try project.script("check", "#!/bin/sh\necho \"looking at $1\"\ntest \"$1\" != b.t\n")
        for unit in try await units(project) {
            let report = await project.run([unit])
            #expect(report.outcomes == [unit.selector: unit.selector == "b.t" ? .failed : .passed])
            #expect(report.tests.first?.address.selector == unit.selector)
        }
    }

    @Test func `a suite that names nothing is one unit`() async throws {
        let project = try await project(.shell("exit 3"))
        let units = try await units(project)
        #expect(units.map(\.selector) == ["s"])
        #expect(await project.run(units).outcomes == ["s": .failed])
    }

    @Test func `a list too long for a command line goes through a file`() throws {
        let template = try CommandTemplate(.arguments(["run", "{{tests}}"]), of: "s")
        let selectors = (0..<5_000).map { "\($0)" + String(repeating: "x", count: 200) }
        let invocation = template.invocation(for: selectors, in: BatchPlace(root: "/b"))
        #expect(invocation.arguments == ["run", "@/b/results/tests.txt"])
        #expect(invocation.sideFiles.first?.contents.count == selectors.reduce(0) { $0 + $1.utf8.count + 1 })
        #expect(invocation.standardInput == nil)
    }

    @Test func `reports of any known format are read`() async throws {
        let project = try await project(
            .shell("printf 'ok 1 - one\\nnot ok 2 - two\\n1..2\\n' > {{results}}"))
        let report = await project.run(try await units(project))
        #expect(report.outcomes == ["s::one": .passed, "s::two": .failed])
    }

    @Test func `a promised report that is missing is no success`() async throws {
        let project = try await project(.shell("true {{results}}"))
        guard case .crashed = await project.run(try await units(project)).ending else {
            Issue.record("it passed")
            return
        }
    }

    @Test(arguments: [
        (Suite.Command.Line.shell("run '{{tests}}'"), "outside of quotes"),
        (.shell("sh -c \"run {{tests}}\""), "outside of quotes"),
        (.arguments(["run", "--only={{tests}}"]), "an argument of its own"),
    ])
    func `a place where names could be read as commands is refused`(line: Suite.Command.Line, words: String)
        async throws
    {
        let project = try await project(line)
        let error = await #expect(throws: RunnerError.self) { try await units(project) }
        #expect(error?.code == .badConfiguration)
        #expect(error?.description.contains(words) == true)
    }

    @Test func `a line without command and a program that is not there are told`() async throws {
        let empty = try await ConformanceProject.temporary(CommandRunner(), files: [:])
        #expect(await #expect(throws: RunnerError.self) { try await units(empty) }?.code == .badConfiguration)
        let missing = try await project(.arguments(["no-such-program-here"]))
        let error = await #expect(throws: RunnerError.self) { try await units(missing) }
        #expect(error?.code == .toolMissing)
        #expect(error?.description.contains("no-such-program-here") == true)
        let shell = try await project(.shell("true"), list: .shell("echo sorry >&2; exit 9"))
        let failed = await #expect(throws: RunnerError.self) { try await units(shell) }
        #expect(failed?.code == .listingFailed)
        #expect(failed?.output == "sorry")
    }

    @Test(arguments: [
        ("x {{results}}/a", "x \"$DTCI_RESULTS\"/a"), ("x \"--o={{results}}\"", "x \"--o=${DTCI_RESULTS}\""),
        ("x '{{results}}'", "x ''\"$DTCI_RESULTS\"''"), ("x \\'{{results}}", "x \\'\"$DTCI_RESULTS\""),
    ])
    func `the results' place is passed as a variable, whatever quotes are around it`(line: String, script: String)
        throws
    {
        let invocation = try CommandTemplate(.shell(line), of: "s").invocation(for: [], in: BatchPlace(root: "/b c"))
        #expect(invocation.arguments == ["/bin/sh", "-c", script, "sh"])
    }
}
