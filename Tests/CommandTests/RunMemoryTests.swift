import Foundation
import Testing

/// The memory at a place of artifacts, for jobs that start from nothing each time, in simulated builds.
struct RunMemoryTests {
    private let directory: TemporaryDirectory
    private let binary: DTCIBinary

    init() async throws {
        directory = try TemporaryDirectory()
        binary = DTCIBinary(in: directory.url)
        try directory.write("test ! -e $1.bad", to: "test.sh")
        try directory.write("a\nb\nc\n", to: "units.txt")
        try directory.write(
            """
            version: 1
            memory: ./shared/memory
            suites:
              - {name: shell, runner: command, command: [sh, test.sh, "{{tests}}"], list: cat units.txt, units-per-batch: 1}
            """, to: "dt-ci.yml")
        let made = try await binary.paste(
            "git init -q . && git -c user.name=a -c user.email=a@example.com commit -q --allow-empty -m first")
        try #require(made.exitCode == 0, "\(made)")
    }

    private static let first = String(repeating: "a", count: 40)
    private static let second = String(repeating: "b", count: 40)

    /// A run on the default branch, of which nothing but the place is left.
    private func runOnMain(_ commit: String = first, _ options: String = "") async throws -> String {
        try await simulate(
            "github-actions",
            "env GITHUB_REF=refs/heads/main GITHUB_REF_NAME=main GITHUB_SHA=\(commit) dt-ci run \(options)")
    }

    private func simulate(_ service: String, _ command: String) async throws -> String {
        let output = try await binary.paste("rm -rf .dt-ci; dt-ci simulate \(service) -- \(command)")
        try #require([0, 1].contains(output.exitCode), "\(output)")
        return output.standardOutput + output.standardError
    }

    @Test func `a pull request without history knows since when a test fails on its target`() async throws {
        try directory.write("", to: "a.bad")
        _ = try await runOnMain()
        try directory.write("", to: "b.bad")
        let text = try await simulate("github-actions --event pull_request", "dt-ci run")
        #expect(text.contains("compared with main at aaaaaaaaaa"), "\(text)")
        #expect(text.contains("1 new failure, 1 still failing"))
        #expect(text.contains("failing since aaaaaaaaaa of "))
    }

    @Test func `a fork reads what its target came to and writes nothing`() async throws {
        _ = try await simulate("github-actions --event fork", "dt-ci run")
        #expect(!directory.exists("shared"))
        try directory.write("", to: "a.bad")
        _ = try await runOnMain()
        let before = try FileManager.default.subpathsOfDirectory(atPath: directory.url.appending(path: "shared").path)
        let text = try await simulate("github-actions --event fork", "dt-ci run")
        #expect(text.contains("failing since aaaaaaaaaa of "), "\(text)")
        let after = try FileManager.default.subpathsOfDirectory(atPath: directory.url.appending(path: "shared").path)
        #expect(before.sorted() == after.sorted())
    }

    @Test func `failures go on over runs of the branch, and a second attempt sees what the first one saw`() async throws
    {
        _ = try await runOnMain(Self.first)
        try directory.write("", to: "a.bad")
        let new = try await runOnMain(Self.second)
        #expect(new.contains("New failures\n"), "\(new)")
        let again = try await runOnMain(Self.second)
        #expect(again.contains("New failures\n"), "\(again)")
        let later = try await runOnMain(String(repeating: "c", count: 40))
        #expect(later.contains("failing since bbbbbbbbbb of "), "\(later)")
        #expect(later.contains(", 2 runs"))
    }

    @Test func `GitLab's packages remember over pipelines`() async throws {
        try directory.write("", to: "a.bad")
        let run = { (branch: String, commit: String, pipeline: Int) in
            "CI_COMMIT_BRANCH=\(branch) CI_COMMIT_REF_NAME=\(branch) CI_COMMIT_SHA=\(commit) CI_PIPELINE_ID=\(pipeline)"
                + " CI_DEFAULT_BRANCH=main dt-ci run --memory gitlab; rm -rf .dt-ci"
        }
        let script = [run("main", Self.first, 7), run("topic", Self.second, 8)].joined(separator: "; ")
        let text = try await simulate("gitlab-ci", "bash -c '\(script)'")
        #expect(text.contains("compared with main at aaaaaaaaaa"), "\(text)")
        #expect(text.contains("failing since aaaaaaaaaa of "))
    }

    @Test(
        arguments: [
            (#"{"schema":"dt-ci/memory/v1","repository":"github.com/evil/x","branch":"main","job":"test"}"#, nil),
            (#"{"schema":"dt-ci/memory/v2"}"#, nil), ("garbage", nil), ("", nil),
            (nil, "{\"schema\":\"dt-ci/state/v1\","),
            (nil, "garbage"),
        ] as [(String?, String?)])
    func `what is not this repository's state is refused in a line, and the run goes on`(
        origin: String?, state: String?
    ) async throws {
        try directory.write("", to: "a.bad")
        _ = try await runOnMain()
        let place = directory.url.appending(path: "shared/memory")
        let name = try #require(
            FileManager.default.contentsOfDirectory(atPath: place.path).first { !$0.contains(".manifest") })
        try FileManager.default.moveItem(at: place.appending(path: name), to: directory.url.appending(path: "forged"))
        if let origin { try directory.write(origin, to: "forged/memory.json") }
        if let state { try directory.write(state, to: "forged/state.json") }
        let forged = try await binary.paste(
            "dt-ci artifacts put \(name) forged && dt-ci artifacts upload \(name) --place ./shared/memory")
        try #require(forged.exitCode == 0, "\(forged)")
        let text = try await simulate("github-actions --event pull_request", "dt-ci run")
        #expect(text.contains("the memory at ./shared/memory cannot be asked: "), "\(text)")
        #expect(text.contains("1 of 3 tests failed") && !text.contains("failing since"))
    }

    @Test func `a shelf of one run alone is no memory, and the sentence says what is`() async throws {
        try directory.write("", to: "a.bad")
        let text = try await runOnMain(Self.first, "--memory github")
        #expect(text.contains("GitHub artifacts belong to one run alone; name a directory that the pipeline caches"))
        #expect(text.contains("later runs will not know of this one: "))
    }

    @Test func `outside of a CI service nothing is written`() async throws {
        let output = try await binary.run("run")
        #expect(output.exitCode == 0, "\(output)")
        #expect(!directory.exists("shared"))
    }
}
