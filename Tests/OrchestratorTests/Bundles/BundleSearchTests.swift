import CICore
import SystemPackage
import Testing

import struct FoundationEssentials.Date

@testable import Orchestrator

struct BundleSearchTests {
    private static let digest = String(repeating: "0", count: 64)

    /// A manifest whose files are these.
    private static func manifest(schema: String = "dt-ci/bundle/v1", files: String? = nil, node: String = "0") -> String
    {
        let own = "{\"name\":\"results.json\",\"size\":1,\"sha256\":\"\(digest)\"}"
        return """
            {"schema":"\(schema)","plan":"p","node":{"index":\(node),"total":2},"run":{"service":"local"},
            "startedAt":"2026-01-01T00:00:00.000Z","createdAt":"2026-01-01T00:00:01.000Z","seconds":1,
            "files":[\(files ?? own)]}
            """
    }

    private func find(_ directory: ScratchDirectory) -> BundleSearch.Findings {
        BundleSearch(files: LocalFileSystem()).find(below: [directory.path])
    }

    @Test func `bundles are found at any depth and in any tree`() throws {
        let scratch = try ScratchDirectory()
        try scratch.write([
            "bundle.json": Self.manifest(), "a/b/c/d/bundle.json": Self.manifest(node: "1"), "a/other.txt": "x",
        ])
        #expect(find(scratch).bundles.map(\.manifest.position.index).sorted() == [0, 1])
        #expect(find(scratch).refused.isEmpty)
    }

    @Test(arguments: [
        ("", "cut off or no JSON"), ("{\"schema\":", "cut off or no JSON"), ("[]", "no bundle of dt-ci"),
        ("{}", "no bundle of dt-ci"), ("{\"schema\":\"dt-ci/plan/v1\"}", "no bundle of dt-ci"),
        (manifest(schema: "dt-ci/bundle/v2"), "newer than this dt-ci reads"), (manifest(node: "2"), "which node"),
        (manifest(node: "-1"), "which node"), (manifest(node: "1e300"), "which node"),
        (manifest(files: ""), "lists no results"),
        (manifest(files: "{\"name\":\"../../etc/passwd\",\"size\":1,\"sha256\":\"\(digest)\"}"), "outside of it"),
        (manifest(files: "{\"name\":\"/etc/passwd\",\"size\":1,\"sha256\":\"\(digest)\"}"), "outside of it"),
        (manifest(files: "{\"name\":\"..\",\"size\":1,\"sha256\":\"\(digest)\"}"), "outside of it"),
        (manifest(files: "{\"name\":\"results.json\",\"size\":-1,\"sha256\":\"\(digest)\"}"), "without name, size"),
        (
            manifest(
                files: "{\"name\":\"results.json\",\"size\":1,\"sha256\":\"\(digest)\"},"
                    + "{\"name\":\"results.json\",\"size\":2,\"sha256\":\"\(digest)\"}"), "twice"
        ),
        (String(repeating: "[", count: 100_000), "cut off or no JSON"),
    ]) func `a manifest that cannot be used is named with the reason`(text: String, words: String) throws {
        let scratch = try ScratchDirectory()
        try scratch.write(["node-0-of-2/bundle.json": text])
        let findings = find(scratch)
        #expect(findings.bundles.isEmpty)
        #expect(findings.refused.count == 1)
        #expect(findings.refused.first?.contains("node-0-of-2") == true)
        #expect(findings.refused.first?.contains(words) == true, "\(findings.refused)")
    }

    @Test func `links are not followed, neither to directories nor to a bundle's files`() throws {
        let scratch = try ScratchDirectory()
        try scratch.write(["real/bundle.json": Self.manifest(), "in/x/bundle.json": Self.manifest()])
        try scratch.link("in/loop", to: ".")
        try scratch.link("in/away", to: "../real")
        try scratch.link("in/x/results.json", to: "/etc/passwd")
        let findings = BundleSearch(files: LocalFileSystem()).find(below: [scratch.path.appending("in")])
        #expect(findings.bundles.isEmpty)
        #expect(findings.refused.map { $0.contains("is no file but a link") } == [true])
    }

    @Test func `a bundle without its end is half a bundle`() throws {
        let scratch = try ScratchDirectory()
        try scratch.write([
            "node-1-of-2/events.jsonl": "{}\n", "node-x-of-2/events.jsonl": "", "other/results.json": "{}",
        ])
        let findings = find(scratch)
        #expect(findings.halves == [NodePosition(index: 1, total: 2)])
        #expect(findings.refused.first?.contains("node 2 of 2 was killed") == true)
    }

    @Test func `a directory that is not there and a file in its place are told`() throws {
        let scratch = try ScratchDirectory()
        try scratch.write(["file": ""])
        let search = BundleSearch(files: LocalFileSystem())
        let findings = search.find(below: [scratch.path.appending("none"), scratch.path.appending("file")])
        #expect(findings.refused.count == 2)
    }

    @Test func `a manifest is read back as it was written`() throws {
        let manifest = BundleManifest(
            plan: "p", position: try #require(NodePosition(index: 3, total: 5)),
            origin: .init(service: "gitlab-ci", run: "1\"\n", attempt: 2, job: nil, commit: "c"),
            time: .init(
                started: .init(timeIntervalSince1970: 1_700_000_000.5),
                created: .init(timeIntervalSince1970: 1_700_000_001),
                duration: .milliseconds(1_500)),
            ending: .init(
                stop: .timeLimit(.seconds(60)), isBroken: true, expired: "e", failsOnFlaky: true, empty: .ok),
            work: .init(
                hardware: "h", isWhole: false,
                costs: [.init(suite: "s", units: 2, wall: .seconds(3), tests: .seconds(2))], beyond: ["s::u": 4]),
            files: [.init(name: "results.json", size: 7, sha256: Self.digest)])
        #expect(try BundleV1.manifest(from: BundleV1.bytes(of: manifest)) == manifest)
        for stop in [RunState.Stop.signal(15), .failFast(failures: 3), nil] {
            var other = manifest
            other.ending.stop = stop
            #expect(try BundleV1.manifest(from: BundleV1.bytes(of: other)).ending.stop == stop)
        }
    }
}
