import CICore
import SystemPackage

@testable import Orchestrator

/// Machines that exist as texts.
enum TestWorld {
    /// A Linux machine of four processors with these files, and no programs unless a test brings its own.
    static func linux(
        _ files: [String: String], environment: [String: String] = [:], processes: any ProcessPort = NoProcesses()
    ) -> HardwareWorld {
        HardwareWorld(
            kernel: .init(name: "Linux", release: "6.1.0", architecture: "x86_64", host: "test", processors: 4),
            files: TextFiles(files), processes: processes, environment: environment, workingDirectory: "/work",
            tools: .init(nvml: "/nonexistent/libnvidia-ml.so.1", space: { _ in (1000, 500) }))
    }
}

/// Files that exist as texts only; whatever is not among them is not there, and nothing can be written.
struct TextFiles: FileSystem {
    private let files: [String: String]

    init(_ files: [String: String]) { self.files = files }

    func contents(of path: FilePath, limit: Int) throws(FileError) -> [UInt8] {
        guard let text = files[path.string] else {
            throw FileError(path: path, operation: "read", errno: .noSuchFileOrDirectory)
        }
        return Array(text.utf8)
    }

    func entries(of directory: FilePath) throws(FileError) -> [DirectoryEntry] {
        let prefix = directory.string + "/"
        let names = Set(
            files.keys.filter { $0.hasPrefix(prefix) }.compactMap {
                $0.dropFirst(prefix.count).split(separator: "/").first
            })
        guard !names.isEmpty else {
            throw FileError(path: directory, operation: "list", errno: .noSuchFileOrDirectory)
        }
        return names.sorted().map { name in
            DirectoryEntry(name: String(name), kind: files[prefix + name] == nil ? .directory : .file)
        }
    }

    func write(_ bytes: [UInt8], to path: FilePath) throws(FileError) { throw refusal(path) }
    func kind(of path: FilePath) -> FileKind? { files[path.string] == nil ? nil : .file }
    func size(of path: FilePath) -> Int? { files[path.string]?.utf8.count }
    func createDirectory(_ path: FilePath) throws(FileError) { throw refusal(path) }
    func remove(_ path: FilePath) throws(FileError) { throw refusal(path) }

    private func refusal(_ path: FilePath) -> FileError {
        FileError(path: path, operation: "change", errno: .readOnlyFileSystem)
    }
}
