import ArgumentParser
import CICore
import CIProviders

/// `dt-ci build jobs`: the jobs of this build.
struct BuildJobs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "List the jobs of this build.", discussion: "Example: dt-ci build jobs --json")

    @Flag(help: "Print JSON (dt-ci/build-jobs/v1).")
    var json = false

    func run() async throws {
        let jobs = try await BuildDesk.open(for: .jobs).journal.jobs()
        guard !json else {
            return try HistoryOutput.writeJSON("dt-ci/build-jobs/v1", "jobs", of: jobs) { writer, job in
                writer.member("id", job.id)
                writer.member("name", job.name)
                writer.member("state", job.state)
                writer.member("url", job.url)
            }
        }
        guard !jobs.isEmpty else { return try HistoryOutput.write("no jobs\n") }
        var table = HistoryTable([.init(title: "ID"), .init(title: "STATE"), .init(title: "JOB")])
        for job in jobs { table.add(job.id, job.state, job.name) }
        try HistoryOutput.write(table.text)
    }
}

/// `dt-ci build tests`: the tests that the service has read from a job's reports.
struct BuildTests: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tests", abstract: "List the tests that the CI service knows of a job.",
        discussion: "Example: dt-ci build tests --job 87")

    @OptionGroup var choice: BuildJobChoice

    @Flag(help: "Print JSON (dt-ci/build-tests/v1).")
    var json = false

    func run() async throws {
        let desk = try await BuildDesk.open(for: .tests)
        let tests = try await desk.journal.tests(ofJob: choice.id(in: desk))
        try BuildOutput.write(tests, json: json, schema: "dt-ci/build-tests/v1", none: "no tests")
    }
}

/// `dt-ci build flaky`: the tests that the service itself found flaky.
struct BuildFlaky: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flaky", abstract: "List the tests that the CI service has found flaky.",
        discussion: "Example: dt-ci build flaky --json")

    @Flag(help: "Print JSON (dt-ci/build-flaky/v1).")
    var json = false

    func run() async throws {
        let tests = try await BuildDesk.open(for: .flakyTests).journal.flakyTests()
        try BuildOutput.write(tests, json: json, schema: "dt-ci/build-flaky/v1", none: "no flaky tests")
    }
}

/// `dt-ci build artifacts`: the files that a job has left.
struct BuildArtifacts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "artifacts", abstract: "List the artifacts of a job.",
        discussion: "Example: dt-ci build artifacts --json")

    @OptionGroup var choice: BuildJobChoice

    @Flag(help: "Print JSON (dt-ci/build-artifacts/v1).")
    var json = false

    func run() async throws {
        let desk = try await BuildDesk.open(for: .artifacts)
        let artifacts = try await desk.journal.artifacts(ofJob: choice.id(in: desk))
        guard !json else {
            return try HistoryOutput.writeJSON("dt-ci/build-artifacts/v1", "artifacts", of: artifacts) {
                $0.member("path", $1.path)
                $0.member("url", $1.url)
                $0.member("bytes", $1.size.map(Int.init))
            }
        }
        guard !artifacts.isEmpty else { return try HistoryOutput.write("no artifacts\n") }
        var table = HistoryTable([
            .init(title: "BYTES", isNumeric: true), .init(title: "PATH"), .init(title: "URL"),
        ])
        for artifact in artifacts {
            table.add(artifact.size.map(String.init) ?? "-", artifact.path, artifact.url ?? "-")
        }
        try HistoryOutput.write(table.text)
    }
}

/// Tests as a table or as JSON.
private enum BuildOutput {
    static func write(_ tests: [JournalTest], json: Bool, schema: String, none: String) throws {
        guard !json else {
            return try HistoryOutput.writeJSON(schema, "tests", of: tests) { writer, test in
                writer.member("name", test.name)
                writer.member("class", test.className)
                writer.member("file", test.file)
                writer.member("result", test.result)
                writer.member("seconds", test.duration)
            }
        }
        guard !tests.isEmpty else { return try HistoryOutput.write("\(none)\n") }
        var table = HistoryTable([
            .init(title: "RESULT"), .init(title: "TIME", isNumeric: true), .init(title: "TEST"),
        ])
        for test in tests {
            let name = [test.className, test.name].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ".")
            table.add(test.result, test.duration.map(DurationText.short) ?? "-", name)
        }
        try HistoryOutput.write(table.text)
    }
}
