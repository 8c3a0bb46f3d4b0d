import ArgumentParser
import CICore
import CIProviders

/// `dt-ci build log`: what a job has written so far.
struct BuildLog: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Print the last part of a job's log.",
        discussion: """
            Escape sequences and whatever the CI service would take for a command are made harmless, since this may \
            itself run in a job.

            Example: dt-ci build log --job 700115
            """)

    @OptionGroup var choice: BuildJobChoice

    @Flag(help: "Print JSON (dt-ci/build-log/v1).")
    var json = false

    func run() async throws {
        let desk = try await BuildDesk.open(for: .log)
        let job = try choice.id(in: desk)
        let log = try await desk.journal.log(ofJob: job)
        guard !json else {
            return try HistoryOutput.writeJSON("dt-ci/build-log/v1") { writer in
                writer.member("job", job)
                writer.member("text", log)
            }
        }
        let text = SafeText.block(log, limit: 8 << 20)
        try HistoryOutput.write(text.hasSuffix("\n") || text.isEmpty ? text : text + "\n")
    }
}

/// `dt-ci build restart`: the build, or one of its jobs, once more.
struct BuildRestart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Start the build, or one of its jobs, once more.",
        discussion: """
            Without --job the whole build is started again.

            Example: dt-ci build restart --job 87 --dry-run
            """)

    @Option(help: ArgumentHelp("Only this job, by the id that dt-ci build jobs shows.", valueName: "id"))
    var job: String?

    @Flag(help: "Show what would be sent, and send nothing but questions.")
    var dryRun = false

    @Flag(help: "Print JSON (dt-ci/build-restart/v1).")
    var json = false

    func run() async throws {
        let surroundings = Surroundings.live
        let asking = AskingOnlyHTTP(
            live: surroundings.liveHTTP(),
            rehearsal: RehearsalHTTP { request in
                // With --json standard output holds one document and nothing else.
                try? json ? HistoryOutput.note(request) : HistoryOutput.write(request)
            })
        let desk = try await BuildDesk.open(for: .restart, in: surroundings, http: dryRun ? asking : nil)
        try await desk.journal.restart(job: job)
        guard !json else {
            return try HistoryOutput.writeJSON("dt-ci/build-restart/v1") { writer in
                writer.member("job", job)
                writer.member("started", !dryRun)
            }
        }
        let what = job.map { "job \($0)" } ?? "the build"
        guard !dryRun else { return }
        try HistoryOutput.write("\(desk.title) starts \(SafeText.line(what)) once more\n")
    }
}
