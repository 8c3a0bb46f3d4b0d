import Artifacts
import CICore
import Foundation
import SystemPackage
import Testing

@Suite struct ZipArchiveTests {
    private static let tree = [
        "a.txt": String(repeating: "alpha\n", count: 10_000), "bin/run*": "#!/bin/sh\n", "bin/link -> ../a.txt": "",
        "empty/": "", "image.png": String(repeating: "p", count: 5000), "ünïcode/日本": "ja", "zero": "",
    ]

    @Test func `an archive comes back as the tree that it was made of`() async throws {
        let sandbox = try StoreSandbox()
        let (zip, size) = try await Self.archive(Self.tree, in: sandbox)
        #expect(size < 10_000, "text is deflated")
        #expect(size > 5000, "media are not")
        let target = sandbox.directory.path.appending("target")
        let report = try ZipExtraction.extract(zip, to: target)
        #expect(try StoreSandbox.tree(target) == Self.tree)
        #expect(report.written.entries == 6)
    }

    @Test func `equal trees make equal archives`() async throws {
        let (first, second) = (try StoreSandbox(), try StoreSandbox())
        let left = try await Self.archive(Self.tree, in: first).path
        let right = try await Self.archive(Self.tree, in: second).path
        let files = LocalFileSystem()
        #expect(try files.contents(of: left, limit: 1 << 20) == files.contents(of: right, limit: 1 << 20))
        #expect(try files.entries(of: first.directory.path).map(\.name) == ["all.zip", "source", "store"])
    }

    @Test func `unzip and Python read our archives`() async throws {
        let sandbox = try StoreSandbox()
        let zip = try await Self.archive(Self.tree, in: sandbox).path
        #expect(try Tool.run("unzip", "-tqq", zip.string).exitCode == 0)
        let program = """
            import sys, zipfile
            archive = zipfile.ZipFile(sys.argv[1])
            assert archive.testzip() is None
            for entry in archive.infolist():
                print(entry.filename, oct(entry.external_attr >> 16), entry.file_size, entry.date_time[:3])
            """
        let listed = try Tool.run("python3", "-c", program, zip.string)
        #expect(
            listed.lines == [
                "a.txt 0o100644 60000 (1980, 1, 1)", "bin/link 0o120777 8 (1980, 1, 1)",
                "bin/run 0o100755 10 (1980, 1, 1)", "empty/ 0o40755 0 (1980, 1, 1)",
                "image.png 0o100644 5000 (1980, 1, 1)", "zero 0o100644 0 (1980, 1, 1)",
                "ünïcode/日本 0o100644 2 (1980, 1, 1)",
            ])
    }

    @Test func `we read the archives of zip and Python, also streamed and with 64 bits`() throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["d/a": "1", "d/b*": "2", "l -> d/a": ""])
        let zip = sandbox.directory.path.appending("made.zip")
        let made = try Tool.run("bash", "-c", "cd '\(sandbox.source)' && zip -qry '\(zip)' .")
        #expect(made.exitCode == 0)
        let target = sandbox.directory.path.appending("target")
        _ = try ZipExtraction.extract(zip, to: target)
        #expect(try StoreSandbox.tree(target) == ["d/a": "1", "d/b*": "2", "l -> d/a": ""])
        let program = """
            import sys, zipfile, io
            class Pipe(io.RawIOBase):
                def __init__(self, file): self.file = file
                def writable(self): return True
                def write(self, data): return self.file.write(data)
            with open(sys.argv[1], 'wb') as file, zipfile.ZipFile(Pipe(file), 'w', zipfile.ZIP_DEFLATED) as archive:
                with archive.open('streamed', 'w', force_zip64=True) as entry: entry.write(b'x' * 100000)
                archive.writestr('plain', 'y')
            """
        let streamed = sandbox.directory.path.appending("streamed.zip")
        #expect(try Tool.run("python3", "-c", program, streamed.string).exitCode == 0)
        let second = sandbox.directory.path.appending("second")
        _ = try ZipExtraction.extract(streamed, to: second)
        #expect(try StoreSandbox.tree(second) == ["plain": "y", "streamed": String(repeating: "x", count: 100_000)])
    }

    @Test func `more entries than 16 bits count are written and read`() async throws {
        let sandbox = try StoreSandbox()
        // Making so many directories would take longer than all else.
        let program = """
            import hashlib, json, os, sys
            lines = ''.join(json.dumps({'path': f'd{n:05}', 'kind': 'directory'}) + '\\n' for n in range(66000)).encode()
            head = {'schema': 'dt-ci/artifact/v1', 'name': 'all', 'createdAt': '2026-03-02T09:14:05Z', 'entries': 66000,
                    'size': 0, 'sha256': hashlib.sha256(lines).hexdigest()}
            os.makedirs(sys.argv[1])
            with open(sys.argv[1] + '/all.jsonl', 'wb') as file: file.write(json.dumps(head).encode() + b'\\n' + lines)
            """
        let manifests = sandbox.store.root.appending("manifests").string
        #expect(try Tool.run("python3", "-c", program, manifests).exitCode == 0)
        let artifact = try sandbox.store.artifact(named: ArtifactName("all"))
        #expect(artifact.totals.entries == 66_000)
        let zip = sandbox.directory.path.appending("all.zip")
        _ = try sandbox.store.archive(artifact, to: zip)
        #expect(
            try Tool.run(
                "python3", "-c", "import sys, zipfile; print(len(zipfile.ZipFile(sys.argv[1]).namelist()))", zip.string
            ).lines == ["66000"])
        let limits = ArchiveLimits(entries: 65_999)
        let error = #expect(throws: StoreError.self) {
            try ZipExtraction.extract(zip, to: sandbox.directory.path.appending("target"), limits: limits)
        }
        #expect(error?.code == .tooLarge)
        #expect(error?.description.contains("66000 entries, more than --unpacked-files 65999") == true)
    }

    @Test func `an artifact that is damaged makes no archive`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["a": "alpha"])
        let artifact = try await sandbox.put().artifact
        let object = try #require(try sandbox.objects().first)
        try FileManager.default.removeItem(atPath: object.string)
        let error = #expect(throws: StoreError.self) {
            try sandbox.store.archive(artifact, to: sandbox.directory.path.appending("all.zip"))
        }
        #expect(error?.code == .damaged)
        #expect(try LocalFileSystem().entries(of: sandbox.directory.path).map(\.name) == ["source", "store"])
    }

    private static func archive(
        _ tree: [String: String], in sandbox: StoreSandbox
    ) async throws -> (path: FilePath, size: Int64) {
        try sandbox.write(tree)
        let artifact = try await sandbox.put().artifact
        let path = sandbox.directory.path.appending("all.zip")
        return (path, try sandbox.store.archive(artifact, to: path))
    }
}

/// A program of the machine.
enum Tool {
    /// Runs it to its end; `lines` are those of standard output.
    static func run(_ name: String, _ arguments: String...) throws -> (exitCode: Int32, lines: [String]) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [name] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
        )
    }
}
