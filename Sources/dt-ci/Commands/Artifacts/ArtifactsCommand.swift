import ArgumentParser
import Artifacts
import CICore
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `dt-ci artifacts`: what a run leaves behind, kept and checked.
struct ArtifactsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "artifacts", abstract: "Keeps files and trees by their content, checks them and gives them back.",
        discussion: "Example: dt-ci artifacts put screenshots build/screenshots",
        subcommands: [
            ArtifactsPutCommand.self, ArtifactsGetCommand.self, ArtifactsListCommand.self, ArtifactsVerifyCommand.self,
            ArtifactsCollectCommand.self, ArtifactsUploadCommand.self,
        ])
}

/// Which store is meant; every subcommand takes it.
struct ArtifactStorePlace: ParsableArguments {
    @Option(
        help: ArgumentHelp("Where artifacts are kept (default: .dt-ci/artifacts).", valueName: "directory"),
        completion: .directory)
    var store: String?

    /// Nothing is touched yet.
    func open(in surroundings: Surroundings = .live) -> ArtifactStore {
        ArtifactStore(
            at: surroundings.workingDirectory.pushing(FilePath(store ?? ".dt-ci/artifacts")).lexicallyNormalized())
    }

    /// Lets a file that grows past the process's limit be an error of ours, where it would end the process.
    static func expectFileLimits() { signal(SIGXFSZ, SIG_IGN) }
}

/// What these commands say besides their answer.
enum ArtifactNotes {
    /// Warnings to standard error: the first ones, and how many there are besides.
    static func warn(_ remarks: PutRemarks, _ what: String) throws {
        for line in remarks.lines.prefix(20) { try HistoryOutput.note("warning: \(what): \(line)") }
        let rest = remarks.count - min(remarks.lines.count, 20)
        if rest > 0 { try HistoryOutput.note("warning: \(what): \(rest) more") }
    }

    /// `1 entry`, `12 entries`
    static func count(_ number: Int, _ one: String, _ many: String) -> String {
        number == 1 ? "1 \(one)" : "\(number) \(many)"
    }

    /// A path as people call it from here.
    static func shown(_ path: FilePath, in surroundings: Surroundings = .live) -> String {
        var short = path
        guard short.removePrefix(surroundings.workingDirectory), !short.isEmpty else {
            return SafeText.line(path.string)
        }
        return SafeText.line(short.string)
    }
}
