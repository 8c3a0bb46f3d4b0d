import ArgumentParser
import Artifacts
import CICore
import SystemPackage

import struct FoundationEssentials.Date

/// `dt-ci artifacts get`: gives a tree back.
struct ArtifactsGetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Write an artifact's files, or those of a zip archive, into a directory.",
        discussion: """
            Each content is compared with its digest before the file gets its name. Nothing is ever written outside of the \
            directory, whatever names and links an archive has.

              dt-ci artifacts get screenshots --to /tmp/screenshots
              dt-ci artifacts get downloaded.zip --include '*.log'
            """)

    @Argument(help: "An artifact's name, or the file of a zip archive.", completion: .file(extensions: ["zip"]))
    var artifact: String

    @Option(
        help: ArgumentHelp("Where to write (default: a directory of the artifact's name).", valueName: "directory"),
        completion: .directory)
    var to: String?

    @Option(
        help: ArgumentHelp("Only what matches; without / it is of names anywhere. May be repeated.", valueName: "glob"))
    var include: [String] = []

    @Flag(help: "Replace files that are there.")
    var overwrite = false

    @Flag(
        help: "Make files further names of the store's own instead of copies, where possible; they must not be changed."
    )
    var hardLink = false

    @Option(help: ArgumentHelp("The most that an archive may unpack to.", valueName: "size"))
    var unpackedSize = "50GiB"

    @Option(help: ArgumentHelp("The most files that an archive may hold.", valueName: "number"))
    var unpackedFiles = ArchiveLimits().entries

    @Option(help: ArgumentHelp("How many times its size an archive may unpack to.", valueName: "number"))
    var unpackedRatio = Int(ArchiveLimits().ratio)

    @Option(
        help: ArgumentHelp(
            "Fetch it into the store from here before; a service's or forge's place has what this run put there.",
            valueName: "place"))
    var from: String?

    @OptionGroup var place: ArtifactStorePlace

    @Flag(help: "Print JSON (dt-ci/artifacts-get/v1).")
    var json = false

    @Flag(name: .shortAndLong, help: "Only warnings.")
    var quiet = false

    func validate() throws {
        guard SizeText.parse(unpackedSize) != nil else {
            throw ValidationError("--unpacked-size is \(unpackedSize); expected a size such as 5GB.")
        }
        guard unpackedFiles >= 0, unpackedRatio > 0 else {
            throw ValidationError("--unpacked-files and --unpacked-ratio must be positive numbers.")
        }
    }

    func run() async throws {
        ArtifactStorePlace.expectFileLimits()
        let surroundings = Surroundings.live
        let wanted = ArtifactSelection.exclusion(include)
        let takesAll = include.isEmpty
        let policy = GetPolicy(overwrites: overwrite, links: hardLink) { takesAll || wanted($0) }
        if let from { try await fetch(from, in: surroundings) }
        let (report, directory) = try get(policy, in: surroundings)
        guard takesAll || report.written.entries > 0 else {
            throw StoreError(
                .missing, "nothing in \(SafeText.line(artifact)) matches \(include.joined(separator: ", "))")
        }
        try ArtifactNotes.warn(report.changes, "renamed")
        guard !json else { return try write(report, directory) }
        guard !quiet else { return }
        let entries = ArtifactNotes.count(report.written.entries, "entry", "entries")
        let linked = report.linked > 0 ? ", \(report.linked) of them linked" : ""
        try HistoryOutput.write(
            "wrote \(entries), \(SizeText.short(report.written.size))\(linked), into \(ArtifactNotes.shown(directory))\n"
        )
    }

    /// What comes is checked before the store has it.
    private func fetch(_ from: String, in surroundings: Surroundings) async throws {
        let desk = await PlaceDesk(in: surroundings, budget: .seconds(3600))
        let fetch = ArtifactFetch(
            from: try desk.reader(from), into: place.open(in: surroundings), limits: limits,
            policy: PutPolicy(taken: overwrite ? .replace : .refuse))
        _ = try await fetch.fetch(try ArtifactName(artifact), at: Date())
    }

    private var limits: ArchiveLimits {
        ArchiveLimits(
            entries: unpackedFiles, size: SizeText.parse(unpackedSize) ?? ArchiveLimits().size,
            ratio: Int64(unpackedRatio))
    }

    /// An artifact of the store goes before a file of that name.
    private func get(_ policy: GetPolicy, in surroundings: Surroundings) throws -> (GetReport, FilePath) {
        let store = place.open(in: surroundings)
        let file = surroundings.workingDirectory.pushing(FilePath(artifact)).lexicallyNormalized()
        let isArchive = artifact.lowercased().hasSuffix(".zip") && surroundings.files.kind(of: file) == .file
        do throws(StoreError) {
            let stored = try store.artifact(named: ArtifactName(artifact))
            let directory = target(stored.name.rawValue, in: surroundings)
            return (try store.get(stored, to: directory, policy: policy), directory)
        } catch {
            guard isArchive, error.code == .missing || error.code == .unusable else { throw error }
            let directory = target(file.stem ?? "archive", in: surroundings)
            return (try ZipExtraction.extract(file, to: directory, policy: policy, limits: limits), directory)
        }
    }

    private func target(_ name: String, in surroundings: Surroundings) -> FilePath {
        let directory = to.map { FilePath($0) } ?? FilePath(SafeName(name).text)
        return surroundings.workingDirectory.pushing(directory).lexicallyNormalized()
    }

    private func write(_ report: GetReport, _ directory: FilePath) throws {
        try HistoryOutput.writeJSON("dt-ci/artifacts-get/v1") { writer in
            writer.member("directory", directory.string)
            writer.member("entries", report.written.entries)
            writer.member("size", Int(report.written.size))
            writer.member("linked", report.linked)
            writer.member("unwanted", report.unwanted)
            writer.member("renamed", report.changes.count)
        }
    }
}
