import Artifacts
import CICore
import Foundation
import SystemPackage
import Testing

@Suite struct ManifestTests {
    private static let head =
        #"{"schema":"dt-ci/artifact/v1","name":"all","createdAt":"2026-09-21T14:13:20Z","entries":1,"size":1,"#
        + #""sha256":"\#(String(repeating: "0", count: 64))"}"#

    @Test func `a manifest is JSON lines with the totals first`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["a": "alpha", "run*": "x", "l -> a": "", "e/": "", "n\n": "1"])
        let artifact = try await sandbox.put().artifact
        let lines = try LocalFileSystem().text(of: artifact.manifest).split(separator: "\n").map(String.init)
        #expect(lines.count == 6)
        let head = try #require(JSONValue(lines[0]))
        #expect(head["schema"]?.string == "dt-ci/artifact/v1" && head["name"]?.string == "all")
        #expect(head["entries"]?.int == 5 && head["size"]?.int == 7)
        #expect(head["createdAt"]?.string == "2026-09-21T14:13:20Z")
        #expect(head["sha256"]?.string == artifact.digest.hexadecimal)
        let digest = "8ed3f6ad685b959ead7022518e1af76cd816f8e8ec7ccdda1ed4018e8f2223f8"
        #expect(
            Array(lines[1...]) == [
                #"{"path":"a","kind":"file","size":5,"sha256":"\#(digest)","mediaType":"application/octet-stream"}"#,
                #"{"path":"e","kind":"directory"}"#, #"{"path":"l","kind":"symlink","target":"a"}"#, lines[4], lines[5],
            ])
        #expect(lines[4].contains(#""path":"n%0A""#) && lines[4].hasSuffix(#""original":"n\n"}"#))
        #expect(lines[5].hasSuffix(#""executable":true}"#))
    }

    @Test(arguments: [
        ("", "line 1: is empty"), ("\n", "line 1: is no manifest"), ("{}\n", "line 1: is no manifest"),
        (#"{"schema":"dt-ci/plan/v1"}"# + "\n", "line 1: is no manifest"),
        (#"{"schema":"dt-ci/artifact/v2"}"# + "\n", "newer than dt-ci/artifact/v1"),
        (#"{"schema":"dt-ci/artifact/v1","name":"x"}"# + "\n", "line 1: lacks"), (head, "line 1: is cut off"),
    ]) func `a manifest that does not begin as one is refused`(text: String, expected: String) throws {
        let error = try Self.error(of: text)
        #expect(error.code == .malformed)
        #expect(error.description.contains(expected), "\(error)")
    }

    @Test(arguments: [
        ("", "line 1: 0 entries of 1 are there"), ("x\n", "line 2: is no entry"),
        (#"{"path":"../x","kind":"directory"}"# + "\n", "line 2: the path ../x leads out"),
        (#"{"path":"/x","kind":"directory"}"# + "\n", "line 2: the path /x is absolute"),
        (#"{"path":"a\u0000b","kind":"directory"}"# + "\n", "not all systems"),
        (#"{"path":"x","kind":"socket"}"# + "\n", "line 2: the kind socket is none of ours"),
        (#"{"path":"x","kind":"file","size":-1}"# + "\n", "lacks a size"),
        (#"{"path":"x","kind":"symlink","target":"/etc"}"# + "\n", "leads out of the artifact"),
        (#"{"path":"x","kind":"dir"#, "line 2: is cut off"),
        (
            #"{"path":"b","kind":"directory"}"# + "\n" + #"{"path":"a","kind":"directory"}"# + "\n",
            "line 3: the path a is out"
        ),
        (
            #"{"path":"b","kind":"directory"}"# + "\n" + #"{"path":"b","kind":"directory"}"# + "\n",
            "line 3: the path b is out"
        ),
        (#"{"path":"b","kind":"directory"}"# + "\n", "entries of 1"),
        (#"{"path":"\#(String(repeating: "x", count: 70_000))"}"# + "\n", "line 2: is too long"),
    ]) func `an entry that is none, or could harm, is refused with its line`(text: String, expected: String) throws {
        let error = try Self.error(of: Self.head + "\n" + text)
        #expect(error.code == .malformed)
        #expect(error.description.contains(expected), "\(error)")
        #expect(error.description.contains("all.jsonl"))
    }

    @Test func `an entry that was exchanged is noticed`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["a": "1", "l -> a": ""])
        let artifact = try await sandbox.put().artifact
        let text = try LocalFileSystem().text(of: artifact.manifest)
        try FileManager.default.removeItem(atPath: artifact.manifest.string)
        try LocalFileSystem().write(
            Array(text.replacing("\"target\":\"a\"", with: "\"target\":\"b\"").utf8), to: artifact.manifest)
        let error = #expect(throws: StoreError.self) { try sandbox.entries() }
        #expect(error?.description.contains("are not those that the first line's digest is of") == true)
    }

    @Test func `one damaged manifest does not hide the others`() async throws {
        let sandbox = try StoreSandbox()
        try sandbox.write(["a": "1"])
        _ = try await sandbox.put("good")
        try LocalFileSystem().write([1, 2], to: sandbox.store.root.appending("manifests").appending("bad.jsonl"))
        let (artifacts, damaged) = try sandbox.store.artifacts()
        #expect(artifacts.map(\.name.rawValue) == ["good"])
        #expect(damaged.count == 1)
        #expect(damaged.first?.description.contains("bad.jsonl, line 1") == true)
        _ = try await sandbox.put("bad", policy: .init(taken: .replace))
        #expect(try sandbox.store.artifacts().damaged.isEmpty)
    }

    /// Of reading a manifest to its end.
    private static func error(of text: String) throws -> StoreError {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("all.jsonl")
        try LocalFileSystem().write(Array(text.utf8), to: path)
        return try #require(
            #expect(throws: StoreError.self) {
                let entries = try ManifestEntries(path)
                while try entries.next() != nil {}
            })
    }
}
