import Artifacts
import CICore
import Orchestrator
import SystemPackage

/// The report files that arguments mean: files as they are, directories by what they hold, globs by what they match.
struct ReportPaths {
    private let files: any FileSystem
    /// Of directories only files with these endings are looked at; anything else there is no report.
    private static let endings: Set<String> = ["xml", "trx", "tap", "ndjson", "jsonl", "json"]

    init(files: any FileSystem) { self.files = files }

    /// What arguments came to.
    struct Found {
        /// Each once, in the order of the arguments, sorted within one.
        var paths: [FilePath] = []
        /// The arguments that meant nothing, with the reason.
        var missing: [String] = []
    }

    /// The files that the arguments mean; what means nothing is told, not thrown.
    func find(_ arguments: [String]) throws(FileError) -> Found {
        var found = Found()
        var seen: Set<FilePath> = []
        for argument in arguments {
            let paths = try paths(of: argument)
            if paths.isEmpty { found.missing.append(reason(for: argument)) }
            found.paths += paths.filter { seen.insert($0.lexicallyNormalized()).inserted }
        }
        return found
    }

    private func paths(of argument: String) throws(FileError) -> [FilePath] {
        let path = FilePath(argument)
        switch files.kind(of: path) {
        case .directory:
            return try walk(path) { entries, directory in results(of: directory, entries) }
                .filter { Self.endings.contains($0.extension ?? "") }
        case .file, .other:
            return [path]
        default:
            guard Glob.isPattern(argument) else { return [] }
            return try matches(of: argument)
        }
    }

    private func reason(for argument: String) -> String {
        let name = SafeText.line(argument, limit: 200)
        if files.kind(of: FilePath(argument)) == .directory { return "\(name) holds no report files" }
        return Glob.isPattern(argument) ? "\(name) matches no files" : "\(name) does not exist"
    }

    private func matches(of pattern: String) throws(FileError) -> [FilePath] {
        let isAbsolute = pattern.hasPrefix("/")
        let glob = Glob(isAbsolute ? String(pattern.drop { $0 == "/" }) : pattern)
        var found: [FilePath] = []
        for base in glob.bases {
            let root = FilePath(isAbsolute ? "/\(base)" : base.isEmpty ? "." : base)
            guard files.kind(of: root) == .directory else { continue }
            for path in try walk(root) {
                let name = path.lexicallyNormalized().string
                if glob.matches(isAbsolute ? String(name.dropFirst()) : name) { found.append(path) }
            }
        }
        return found
    }

    /// The file that stands for a whole directory: the results of a run or of one of its nodes, which lie beside the same
    /// results in other formats.
    private func results(of directory: FilePath, _ entries: [DirectoryEntry]) -> FilePath? {
        guard entries.contains(where: { $0.name == RunDirectory.resultsName && $0.kind == .file }) else { return nil }
        let path = directory.appending(RunDirectory.resultsName)
        // What cannot be read is somebody's file of the same name, or is told when the files are read.
        guard let head = try? files.contents(of: path, from: 0, count: 512) else { return nil }
        return head.withUnsafeBufferPointer { ResultsV1.recognises($0) } ? path : nil
    }

    /// All files below, sorted by path; links to directories are not followed, nor are `.git` and `node_modules`.
    ///
    /// Of a directory that `whole` gives a file for, only that file.
    private func walk(
        _ directory: FilePath, _ whole: ([DirectoryEntry], FilePath) -> FilePath? = { _, _ in nil }
    ) throws(FileError) -> [FilePath] {
        var found: [FilePath] = []
        let entries = try files.entries(of: directory)
        if let path = whole(entries, directory) { return [path] }
        for entry in entries {
            let path = directory.appending(entry.name)
            switch entry.kind {
            case .directory where entry.name != ".git" && entry.name != "node_modules": found += try walk(path, whole)
            case .file: found.append(path)
            case .symbolicLink where files.kind(of: path) == .file: found.append(path)
            default: break
            }
        }
        return found
    }
}
