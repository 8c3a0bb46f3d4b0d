import Artifacts
import CICore
import Foundation
import SystemPackage
import Testing

/// A store and a source tree in a directory of the test's own.
struct StoreSandbox {
    let directory: TemporaryDirectory
    let store: ArtifactStore
    /// Exists and is empty at first.
    let source: FilePath
    /// The time at which artifacts are put.
    static let time = Date(timeIntervalSince1970: 1_790_000_000)

    init() throws {
        directory = try TemporaryDirectory()
        store = ArtifactStore(at: directory.path.appending("store"))
        source = directory.path.appending("source")
        try LocalFileSystem().createDirectory(source)
    }

    /// Writes files below the source; a name that ends with `/` is a directory, ` -> ` makes a link, `*` an executable.
    func write(_ files: [String: String]) throws {
        for (name, content) in files { try write(name, Array(content.utf8)) }
    }

    func write(_ name: String, _ content: [UInt8]) throws {
        let manager = FileManager.default
        if let arrow = name.range(of: " -> ") {
            let path = place(String(name[..<arrow.lowerBound]))
            try LocalFileSystem().createDirectory(path.removingLastComponent())
            try manager.createSymbolicLink(
                atPath: path.string, withDestinationPath: String(name[arrow.upperBound...]))
            return
        }
        let path = place(name.hasSuffix("*") ? String(name.dropLast()) : name)
        guard !name.hasSuffix("/") else { return try LocalFileSystem().createDirectory(path) }
        try LocalFileSystem().createDirectory(path.removingLastComponent())
        try LocalFileSystem().write(content, to: path)
        if name.hasSuffix("*") { try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path.string) }
    }

    func place(_ name: String) -> FilePath { source.pushing(FilePath(name)) }

    /// Puts the source.
    func put(
        _ name: String = "all", policy: PutPolicy = PutPolicy(), at time: Date = Self.time,
        _ change: (inout ArtifactSource) -> Void = { _ in }
    ) async throws -> PutReport {
        var source = ArtifactSource(directory: source)
        change(&source)
        return try await store.put(source, as: ArtifactName(name), at: time, policy: policy)
    }

    /// The entries of an artifact in their order: paths, with `*` for executables, `/` for directories and ` -> ` for links.
    func listing(_ name: String = "all") throws -> [String] {
        try entries(name).map { entry in
            switch entry.kind {
            case .file(let content): entry.path + (content.isExecutable ? "*" : "")
            case .symbolicLink(let target): "\(entry.path) -> \(target)"
            case .emptyDirectory: entry.path + "/"
            }
        }
    }

    func entries(_ name: String = "all") throws -> [ArtifactEntry] {
        let entries = try store.entries(of: try store.artifact(named: ArtifactName(name)))
        var all: [ArtifactEntry] = []
        while let entry = try entries.next() { all.append(entry) }
        return all
    }

    /// A directory's tree, as `listing` has it, with contents.
    static func tree(_ directory: FilePath) throws -> [String: String] {
        var found: [String: String] = [:]
        for entry in try LocalFileSystem().entries(of: directory) {
            let path = directory.appending(entry.name)
            switch entry.kind {
            case .directory:
                let below = try tree(path)
                if below.isEmpty { found["\(entry.name)/"] = "" }
                for (name, content) in below { found["\(entry.name)/\(name)"] = content }
            case .symbolicLink:
                let target = try FileManager.default.destinationOfSymbolicLink(atPath: path.string)
                found["\(entry.name) -> \(target)"] = ""
            default:
                let isExecutable = FileManager.default.isExecutableFile(atPath: path.string)
                let bytes = try LocalFileSystem().contents(of: path, limit: 1 << 30)
                found[entry.name + (isExecutable ? "*" : "")] = String(decoding: bytes, as: UTF8.self)
            }
        }
        return found
    }

    /// All contents that the store has.
    func objects() throws -> [FilePath] {
        let objects = store.root.appending("objects")
        return try LocalFileSystem().entries(of: objects).flatMap { prefix in
            try LocalFileSystem().entries(of: objects.appending(prefix.name)).map {
                objects.appending(prefix.name).appending($0.name)
            }
        }
    }

    /// Unfinished work of writers.
    func staged() throws -> [String] { try LocalFileSystem().entries(of: store.root.appending("staging")).map(\.name) }
}
