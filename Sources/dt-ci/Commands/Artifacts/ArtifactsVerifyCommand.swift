import ArgumentParser
import Artifacts
import CICore

/// `dt-ci artifacts verify`: whether all is as it was put.
struct ArtifactsVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Read everything again and compare it with its digests.",
        discussion: """
            What is damaged or gone is named, and the exit code is 4.

            Example: dt-ci artifacts verify screenshots
            """)

    @Argument(help: "Only this artifact.")
    var name: String?

    @OptionGroup var place: ArtifactStorePlace

    @Flag(help: "Print JSON (dt-ci/artifacts-verify/v1).")
    var json = false

    @Flag(name: .shortAndLong, help: "Only what is wrong.")
    var quiet = false

    func run() async throws {
        let name = try name.map { try ArtifactName($0) }
        let found = try await place.open().verify(name)
        try json ? write(found) : say(found)
        if found.problemCount > 0 { throw Finish(.infrastructure) }
    }

    private func say(_ found: StoreVerification) throws {
        for problem in found.problems { try HistoryOutput.note("damaged: \(problem)") }
        let rest = found.problemCount - found.problems.count
        if rest > 0 { try HistoryOutput.note("damaged: \(rest) more") }
        guard !quiet else { return }
        let what =
            "\(ArtifactNotes.count(found.artifacts, "artifact", "artifacts")), "
            + "\(ArtifactNotes.count(found.checked.entries, "content", "contents")), \(SizeText.short(found.checked.size))"
        let verdict = found.problemCount == 0 ? "all as it was put" : "\(found.problemCount) damaged"
        try HistoryOutput.write("\(what): \(verdict)\n")
    }

    private func write(_ found: StoreVerification) throws {
        try HistoryOutput.writeJSON("dt-ci/artifacts-verify/v1") { writer in
            writer.member("artifacts", found.artifacts)
            writer.member("contents", found.checked.entries)
            writer.member("size", Int(found.checked.size))
            writer.member("damaged", found.problemCount)
            writer.key("first")
            writer.array(found.problems) { $0.value($1) }
        }
    }
}
