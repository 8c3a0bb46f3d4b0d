import Artifacts
import CICore
import SystemPackage
import Testing

@testable import Orchestrator

@Suite struct NextestRunnerTests {
    private let runner = NextestRunner()

    private func inventory(_ granularity: Granularity, paths: [String] = []) async throws -> SuiteInventory {
        let scratch = try ScratchDirectory()
        var tools = scratch.tools
        tools.processes = RecordedProcesses(answers: [
            .init(word: "list", output: try RecordedProcesses.text("nextest/list.json")),
            .init(word: "show-config", output: try RecordedProcesses.text("nextest/groups.txt")),
        ])
        let suite = Suite(
            name: "s", runner: runner.id, workingDirectory: scratch.path, selection: .init(paths: paths))
        return try await runner.discover(suite, granularity: granularity, using: tools)
    }

    @Test func `programs are units, and those without tests are none`() async throws {
        let found = try await inventory(.file, paths: ["calc", "nobody"])
        #expect(found.units.map(\.selector) == ["calc", "calc::db"])
        #expect(found.units.map(\.constraints.bond) == [nil, "nextest database"])
        #expect(found.unmatched == ["nobody"])
    }

    @Test func `single tests keep the bond of their group`() async throws {
        let found = try await inventory(.test)
        #expect(
            found.units.map(\.selector) == [
                "calc#tests::adds", "calc#tests::case_1_a, b", "calc::db#reads", "calc::db#writes",
            ])
        #expect(found.units.map(\.constraints.bond) == [nil, nil, "nextest database", "nextest database"])
    }

    @Test func `a bound program is not cut`() async throws {
        let found = try await inventory(.file)
        let suite = Suite(name: "s", runner: runner.id, workingDirectory: "/")
        let scratch = try ScratchDirectory()
        var pieces: [Int] = []
        for unit in found.units {
            pieces.append(try await runner.split(unit, of: suite, into: .test, using: scratch.tools).count)
        }
        #expect(pieces == [2, 1])
    }

    @Test func `a filter selects programs and tests, with the grammar's escapes`() async throws {
        let tests = try await inventory(.test).units
        #expect(
            NextestRunner.filter(for: Array(tests[..<2]))
                == "(binary_id(=calc) & (test(=tests::adds) + test(=tests::case_1_a\\, b)))")
        let whole = try await inventory(.file).units
        #expect(NextestRunner.filter(for: whole) == "binary_id(=calc) + binary_id(=calc::db)")
    }

    @Test func `the report is asked for by a file of our own`() throws {
        let unit = TestUnit(suite: "s", selector: "calc", granularity: .file)
        let suite = Suite(name: "s", runner: runner.id, workingDirectory: "/w")
        let invocation = try runner.invocation(for: [unit], of: suite, in: BatchPlace(root: "/w/b \"1\""))
        #expect(invocation.arguments.starts(with: ["cargo", "nextest", "run", "--no-fail-fast"]))
        #expect(
            invocation.sideFiles.map { String(decoding: $0.contents, as: UTF8.self) } == [
                "[profile.default.junit]\npath = \"/w/b \\\"1\\\"/results/nextest.xml\"\n"
            ])
    }

    @Test func `a selection past the limit of a command line says what to do`() throws {
        let units = (0..<20_000).map {
            TestUnit(suite: "s", selector: "calc#tests::number_\($0)", granularity: .test, container: "calc")
        }
        let suite = Suite(name: "s", runner: runner.id, workingDirectory: "/w")
        let error = #expect(throws: RunnerError.self) {
            try runner.invocation(for: units, of: suite, in: BatchPlace(root: "/w/b"))
        }
        #expect(error?.description.contains("units-per-batch") == true)
    }

    @Test func `every case of a report leads to its selector`() async throws {
        let units = try await inventory(.file).units
        let batch = BatchScope(suite: Suite(name: "s", runner: runner.id, workingDirectory: "/"), units: units)
        let scratch = try ScratchDirectory()
        try scratch.write(["junit.xml": try RecordedProcesses.text("nextest/junit.xml")])
        var selectors: [String?] = []
        try ReportReader().read(scratch.path.appending("junit.xml")) {
            selectors.append(runner.address(of: $0, in: batch)?.selector)
        }
        #expect(selectors == ["calc#tests::adds", "calc::db#reads", "calc::db#writes"])
        let foreign = ReportedTest(className: "other", name: "x", attempts: [Attempt(outcome: .passed)])
        #expect(runner.address(of: foreign, in: batch) == nil)
    }

    @Test(arguments: [
        (ProcessExit.exited(0), 3, 0, ExitReading.completed), (.exited(0), 0, 0, .nothingCollected),
        (.exited(4), 0, 0, .nothingCollected), (.exited(100), 3, 1, .completed),
        (.exited(101), 0, 0, .buildFailed("w")),
        (.exited(104), 0, 0, .collectionFailed("w")), (.exited(96), 0, 0, .misused("w")),
        (.signaled(9), 1, 0, .crashed("nextest was ended by signal 9")),
    ])
    func `exit codes read as documented`(exit: ProcessExit, reported: Int, failures: Int, reading: ExitReading) {
        let ending = BatchEnding(reported: reported, failures: failures, outputTail: "w\n")
        #expect(runner.reading(of: exit, in: ending) == reading)
    }

    @Test func `what finished before a death stands in the output`() throws {
        let finished = NextestRunner.finished(in: try RecordedProcesses.text("nextest/output.txt"))
        #expect(finished.map(\.name) == ["tests::adds", "writes", "tests::case_1_a, b"])
        #expect(finished.map(\.className) == ["calc", "calc::db", "calc"])
        #expect(finished.map(\.outcome) == [.passed, .failed, .failed])
        #expect(finished.first?.attempts.first?.duration == .milliseconds(4))
    }

    @Test(arguments: ["", "{", "[]", "{\"rust-suites\": 3}", "{\"rust-suites\""])
    func `what is no listing is none`(text: String) {
        #expect(NextestListing(Array(text.utf8)) == nil)
    }
}
