import ArgumentParser
import Artifacts
import CICore
import SystemPackage

import struct FoundationEssentials.Date

/// `dt-ci artifacts put`: keeps a tree.
struct ArtifactsPutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "put", abstract: "Keep files and directories under a name.",
        discussion: """
            One path alone is the artifact: a directory with what is in it, a file. Several paths, and what a glob matches, \
            keep their places as seen from here. Each content is kept once, however many artifacts have it.

              dt-ci artifacts put screenshots build/screenshots
              dt-ci artifacts put logs 'build/**/*.log' --exclude 'tmp*'
            """)

    @Argument(help: "What the artifact is called.")
    var name: String

    @Argument(help: "Files, directories and globs.", completion: .file())
    var paths: [String]

    @Option(
        help: ArgumentHelp(
            "Leave out what matches; without / it is of names anywhere. May be repeated.", valueName: "glob"))
    var exclude: [String] = []

    @Option(help: "Symbolic links: keep, follow (take what they lead to), skip or refuse.")
    var symlinks = ArtifactSource.SymbolicLinks.keep

    @Option(help: "Names that begin with a dot, unless they are named: skip or include.")
    var hidden = HiddenNames.skip

    @Flag(help: "Take the place of another artifact of this name.")
    var replace = false

    @Flag(help: "Keep nothing if anything cannot be kept, such as a file that may not be read.")
    var allOrNothing = false

    @Flag(help: "Return when all is on the disk, safe from a power failure too.")
    var sync = false

    @OptionGroup var place: ArtifactStorePlace

    @Flag(help: "Print JSON (dt-ci/artifacts-put/v1).")
    var json = false

    @Flag(name: .shortAndLong, help: "Only warnings.")
    var quiet = false

    /// What becomes of names that begin with a dot.
    enum HiddenNames: String, ExpressibleByArgument, CaseIterable {
        case skip
        case include
    }

    func validate() throws {
        guard !paths.isEmpty else { throw ValidationError("Nothing to put; expected a path or a glob after the name.") }
    }

    func run() async throws {
        ArtifactStorePlace.expectFileLimits()
        let name = try ArtifactName(name)
        let selection = try ArtifactSelection(paths, in: .live)
        var source = selection.source
        source.isExcluded = ArtifactSelection.exclusion(exclude)
        source.symbolicLinks = symlinks
        source.includesHidden = hidden == .include
        let report = try await place.open().put(
            source, as: name, at: Date(),
            policy: PutPolicy(taken: replace ? .replace : .refuse, isStrict: allOrNothing, isDurable: sync))
        for glob in selection.unmatched { try HistoryOutput.note("warning: \(SafeText.line(glob)) matches nothing") }
        try ArtifactNotes.warn(report.losses, "left out")
        try ArtifactNotes.warn(report.changes, "kept")
        try json ? write(report) : say(report)
    }

    private func say(_ report: PutReport) throws {
        guard !quiet else { return }
        let totals = report.artifact.totals
        let what = "\(ArtifactNotes.count(totals.entries, "entry", "entries")), \(SizeText.short(totals.size))"
        let name = SafeText.line(report.artifact.name.rawValue)
        let added = report.added.entries == 0 ? "nothing new" : "\(SizeText.short(report.added.size)) new"
        try HistoryOutput.write(
            report.isUnchanged ? "\(name) is kept already: \(what)\n" : "kept \(name): \(what), \(added)\n")
        if report.hidden > 0 {
            let names = ArtifactNotes.count(report.hidden, "hidden name", "hidden names")
            try HistoryOutput.write("      \(names) left out; --hidden include keeps them\n")
        }
    }

    private func write(_ report: PutReport) throws {
        try HistoryOutput.writeJSON("dt-ci/artifacts-put/v1") { writer in
            report.artifact.write(to: &writer)
            writer.member("unchanged", report.isUnchanged)
            writer.key("added")
            writer.object { writer in
                writer.member("contents", report.added.entries)
                writer.member("size", Int(report.added.size))
            }
            writer.member("hidden", report.hidden)
            for (name, remarks) in [("leftOut" as StaticString, report.losses), ("changed", report.changes)] {
                writer.key(name)
                writer.object { writer in
                    writer.member("count", remarks.count)
                    writer.key("first")
                    writer.array(remarks.lines) { $0.value($1) }
                }
            }
        }
    }
}

extension ArtifactSource.SymbolicLinks: ExpressibleByArgument {}

extension StoredArtifact {
    /// The members of its object.
    func write(to writer: inout JSONWriter) {
        writer.member("name", name.rawValue)
        writer.member("createdAt", HistoryOutput.time(createdAt))
        writer.member("entries", totals.entries)
        writer.member("size", Int(totals.size))
        writer.member("sha256", digest.hexadecimal)
        writer.member("manifest", manifest.string)
    }
}
