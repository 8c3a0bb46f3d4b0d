import Foundation
import Testing

@Suite struct DetectCommandTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private let gitLab = [
        "GITLAB_CI": "true", "CI_COMMIT_SHA": "1111111111111111111111111111111111111111", "CI_COMMIT_BRANCH": "main",
        "CI_PROJECT_PATH": "g/r", "CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "3",
    ]

    @Test func `facts are aligned, each with its variable, and no process is started`() async throws {
        let output = try await DTCIBinary(
            in: directory.url, environment: gitLab.merging(["PATH": "/nowhere"]) { $1 }
        ).run("detect")
        #expect(output.exitCode == 0)
        let rows = output.lines.map { $0.split(separator: " ").map(String.init) }
        #expect(rows.contains(["service", "gitlab-ci", "GITLAB_CI"]))
        #expect(rows.contains(["node.index", "1", "CI_NODE_INDEX"]))
        #expect(rows.contains(["branch", "main", "CI_COMMIT_BRANCH"]))
    }

    @Test func `the JSON is the context format`() async throws {
        let output = try await DTCIBinary(in: directory.url, environment: gitLab).run("detect", "--json")
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8)) as? [String: Any])
        #expect(document["schema"] as? String == "dt-ci/context/v1")
        #expect((document["node"] as? [String: Int]) == ["index": 1, "total": 3])
        #expect((document["decidedBy"] as? [String: String])?["commit.sha"] == "CI_COMMIT_SHA")
    }

    @Test func `outside of CI a real git tells commit, branch and repository`() async throws {
        let script = """
            git init -q -b trunk . && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x &&
            git remote add origin https://u:secret@github.com/o/r.git
            """
        let git = Process()
        git.executableURL = URL(filePath: "/bin/sh")
        git.arguments = ["-c", script]
        git.currentDirectoryURL = directory.url
        try git.run()
        git.waitUntilExit()
        try #require(git.terminationStatus == 0)
        let output = try await DTCIBinary(in: directory.url).run("detect")
        #expect(output.standardOutput.contains("local"))
        #expect(output.standardOutput.contains("trunk"))
        #expect(output.standardOutput.contains("o/r"))
        #expect(!output.standardOutput.contains("secret"))
    }

    @Test func `an environment of two services is warned of`() async throws {
        let environment = gitLab.merging(["CIRCLECI": "true"]) { $1 }
        let output = try await DTCIBinary(in: directory.url, environment: environment).run("detect", "--quiet")
        #expect(output.standardOutput == "gitlab-ci\n")
        #expect(output.standardError == "warning: the environment fits gitlab-ci, circleci; the first was taken\n")
    }
}
