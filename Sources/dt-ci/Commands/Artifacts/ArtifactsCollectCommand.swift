import ArgumentParser
import Artifacts
import CICore

import struct FoundationEssentials.Date

/// `dt-ci artifacts gc`: forgets what is old and gives the space back.
struct ArtifactsCollectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Remove old artifacts, and contents that no artifact has.",
        discussion: """
            Each bound removes what passes it, the oldest first. An artifact whose upload is unfinished always stays.

            Example: dt-ci artifacts gc --max-age 30d --max-size 5GB --keep-last 20 --dry-run
            """)

    @Option(help: ArgumentHelp("Remove artifacts that are older, such as 30d.", valueName: "duration"))
    var maxAge: String?

    @Option(
        help: ArgumentHelp("Keep the newest that fit into this together, each content counted once.", valueName: "size")
    )
    var maxSize: String?

    @Option(help: ArgumentHelp("Keep so many artifacts, the newest.", valueName: "number"))
    var keepLast: Int?

    @Flag(help: "Say what would be removed, and remove nothing.")
    var dryRun = false

    @OptionGroup var place: ArtifactStorePlace

    @Flag(help: "Print JSON (dt-ci/artifacts-gc/v1).")
    var json = false

    @Flag(name: .shortAndLong, help: "Say nothing.")
    var quiet = false

    func validate() throws {
        if let maxAge, DurationText.parse(maxAge) == nil {
            throw ValidationError("--max-age is \(maxAge); expected a duration such as 30d.")
        }
        if let maxSize, SizeText.parse(maxSize) == nil {
            throw ValidationError("--max-size is \(maxSize); expected a size such as 5GB.")
        }
        if let keepLast, keepLast < 0 { throw ValidationError("--keep-last is \(keepLast); expected a number.") }
    }

    func run() async throws {
        let policy = RetentionPolicy(
            maximumAge: maxAge.flatMap(DurationText.parse), maximumSize: maxSize.flatMap(SizeText.parse),
            maximumCount: keepLast)
        let report = try place.open().collect(policy, at: Date(), isRehearsal: dryRun)
        if json { return try write(report) }
        guard !quiet else { return }
        for removed in report.removed {
            let artifact = removed.artifact
            try HistoryOutput.write(
                "\(dryRun ? "would remove" : "removed") \(SafeText.line(artifact.name.rawValue)): "
                    + "\(reason(removed.reason)), of \(HistoryOutput.time(artifact.createdAt))\n")
        }
        for name in report.protected {
            try HistoryOutput.write("kept \(SafeText.line(name.rawValue)): its upload is unfinished\n")
        }
        let freed =
            "\(SizeText.short(report.freed.size)) in \(ArtifactNotes.count(report.freed.entries, "content", "contents"))"
        try HistoryOutput.write(
            "\(ArtifactNotes.count(report.kept.count, "artifact", "artifacts")) kept, "
                + "\(report.removed.count) \(dryRun ? "would be removed" : "removed"), \(freed) \(dryRun ? "to free" : "freed")\n"
        )
    }

    private func reason(_ reason: RetentionPolicy.Reason) -> String {
        switch reason {
        case .age: "older than \(maxAge ?? "")"
        case .size: "beyond \(maxSize ?? "")"
        case .count: "not one of the last \(keepLast ?? 0)"
        }
    }

    private func write(_ report: CollectionReport) throws {
        try HistoryOutput.writeJSON("dt-ci/artifacts-gc/v1") { writer in
            writer.member("dryRun", dryRun)
            writer.key("removed")
            writer.array(report.removed) { writer, removed in
                writer.object { writer in
                    removed.artifact.write(to: &writer)
                    writer.member("reason", removed.reason.rawValue)
                }
            }
            writer.member("kept", report.kept.count)
            writer.key("freed")
            writer.object { writer in
                writer.member("contents", report.freed.entries)
                writer.member("size", Int(report.freed.size))
            }
        }
    }
}
