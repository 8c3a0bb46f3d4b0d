import ArgumentParser
import CICore
import FoundationEssentials
import TestHistory

/// `dt-ci history import FILE…`: learns from what other tools have kept.
struct HistoryImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Learns durations from reports and from other tools' timing files.",
        discussion: """
            Told by content: JUnit XML and the other report formats, pytest-split's .test_durations, go test -json, \
            parallel_tests' runtime log, CircleCI's timings, Jest's perf-cache, Playwright's JSON. The files of one call \
            count as one run.

            Example: dt-ci history import --suite unit build/test-results/*.xml
            """)

    @Argument(help: "Files to import.")
    var files: [String]

    @Option(
        help:
            "The suite that the tests belong to (default: the only one of dt-ci.yml, else the runner's id where the format tells it)."
    )
    var suite: String?

    @Option(help: "The runner whose tests they are, for its own way of naming tests (default: told by the format).")
    var runner: String?

    @Option(
        help: ArgumentHelp("Don't detect: " + ImportedFile.formats.joined(separator: ", ") + ".", valueName: "kind"))
    var format: String?

    @Option(
        help: ArgumentHelp(
            "The class of hardware that they ran on; \"imported\" serves every class that has no durations of its own.",
            valueName: "class"))
    var hardware = "imported"

    @Flag(help: "The tests are from a run that did not end: keep the outcomes, learn no durations.")
    var partial = false

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var place: HistoryPlace

    func validate() throws {
        guard let format, !ImportedFile.formats.contains(format) else { return }
        throw ValidationError(
            "--format \(format) is not known; expected one of " + ImportedFile.formats.joined(separator: ", "))
    }

    func run() async throws {
        let project = try place.project()
        let reader = ImportedFile.Reader(project: project, suite: suite, runner: runner, format: format)
        var imported: [ImportedFile] = []
        var problems: [HistoryError] = []
        for file in files {
            do throws(HistoryError) { imported.append(try reader.read(file)) } catch { problems.append(error) }
        }
        if !imported.isEmpty {
            try project.url.open().record(
                HistoricalRun(
                    importing: imported.flatMap(\.tests), hardware: HardwareClass(hardware), isComplete: !partial,
                    at: Date()))
        }
        try show(imported, problems: problems)
        for problem in problems { try HistoryOutput.note("error: \(SafeText.line(problem.description))") }
        guard problems.isEmpty else { throw ArgumentParser.ExitCode(CICore.ExitCode.usage.rawValue) }
    }

    private func show(_ imported: [ImportedFile], problems: [HistoryError]) throws {
        guard !json else {
            return try HistoryOutput.writeJSON("dt-ci/history-import/v1") { writer in
                writer.key("files")
                writer.array(imported) { writer, file in file.write(to: &writer) }
                writer.key("errors")
                writer.array(problems) { writer, problem in
                    writer.object { writer in
                        writer.member("path", problem.location)
                        writer.member("message", problem.description)
                    }
                }
            }
        }
        guard !imported.isEmpty else { return }
        var table = HistoryTable([
            .init(title: "TESTS", isNumeric: true), .init(title: "TIME", isNumeric: true), .init(title: "SUITE"),
            .init(title: "FORMAT"), .init(title: "FILE"),
        ])
        for file in imported {
            table.add(
                "\(file.tests.count)", DurationText.short(file.duration), file.suite.rawValue, file.format, file.path)
        }
        try HistoryOutput.write(table.text)
        for warning in imported.flatMap(\.warnings) { try HistoryOutput.note("warning: \(SafeText.line(warning))") }
    }
}
