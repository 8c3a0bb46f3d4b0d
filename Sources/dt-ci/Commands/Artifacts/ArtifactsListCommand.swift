import ArgumentParser
import Artifacts
import CICore
import SystemPackage

/// `dt-ci artifacts list`: what is kept.
struct ArtifactsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show what is kept, or what is in one artifact.",
        discussion: "Example: dt-ci artifacts list --json")

    @Argument(help: "Show the entries of this artifact.")
    var name: String?

    @OptionGroup var place: ArtifactStorePlace

    @Flag(help: "Print JSON (dt-ci/artifacts/v1), or the lines of an artifact's manifest (dt-ci/artifact/v1).")
    var json = false

    func run() async throws {
        let store = place.open()
        if let name {
            let artifact = try store.artifact(named: ArtifactName(name))
            return try json ? writeManifest(artifact) : list(try store.entries(of: artifact))
        }
        let (artifacts, damaged) = try store.artifacts()
        try json ? write(artifacts, damaged, store) : say(artifacts, store)
        for problem in damaged { try HistoryOutput.note("error: \(problem)") }
        if !damaged.isEmpty { throw Finish(.infrastructure) }
    }

    private func say(_ artifacts: [StoredArtifact], _ store: ArtifactStore) throws {
        guard !artifacts.isEmpty else {
            return try HistoryOutput.write("no artifacts in \(ArtifactNotes.shown(store.root))\n")
        }
        var table = HistoryTable([
            .init(title: "CREATED"), .init(title: "ENTRIES", isNumeric: true), .init(title: "SIZE", isNumeric: true),
            .init(title: "NAME"),
        ])
        for artifact in artifacts {
            table.add(
                HistoryOutput.time(artifact.createdAt), "\(artifact.totals.entries)",
                SizeText.short(artifact.totals.size), artifact.name.rawValue)
        }
        try HistoryOutput.write(table.text)
    }

    /// One line an entry, in constant memory.
    private func list(_ entries: ManifestEntries) throws {
        var output: [UInt8] = []
        while let entry = try entries.next() {
            let (size, ending) =
                switch entry.kind {
                case .file(let content): (SizeText.short(content.size), content.isExecutable ? "*" : "")
                case .symbolicLink(let target): ("link", " -> \(SafeText.line(target))")
                case .emptyDirectory: ("empty", "/")
                }
            let padding = String(repeating: " ", count: max(0, 8 - size.count))
            output += "\(padding)\(size)  \(SafeText.line(entry.path, limit: 4096))\(ending)\n".utf8
            guard output.count > 64 << 10 else { continue }
            try HistoryOutput.write(output)
            output.removeAll(keepingCapacity: true)
        }
        try HistoryOutput.write(output)
    }

    private func writeManifest(_ artifact: StoredArtifact) throws {
        var offset: Int64 = 0
        while true {
            let piece = try LocalFileSystem().contents(of: artifact.manifest, from: offset, count: 1 << 20)
            if piece.isEmpty { return }
            try HistoryOutput.write(piece)
            offset += Int64(piece.count)
        }
    }

    private func write(_ artifacts: [StoredArtifact], _ damaged: [StoreError], _ store: ArtifactStore) throws {
        try HistoryOutput.writeJSON("dt-ci/artifacts/v1") { writer in
            writer.member("store", store.root.string)
            writer.key("artifacts")
            writer.array(artifacts) { writer, artifact in writer.object { artifact.write(to: &$0) } }
            writer.key("damaged")
            writer.array(damaged) { $0.value($1.description) }
        }
    }
}
