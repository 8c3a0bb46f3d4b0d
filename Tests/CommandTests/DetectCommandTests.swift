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
        #expect(
            output.standardError
                == "warning: the environment fits GitLab CI and CircleCI: GitLab CI was taken; set DTCI_SERVICE to choose\n"
        )
    }

    @Test func `an option or a variable chooses the service, and a wrong one is an error with the right ones`()
        async throws
    {
        let environment = gitLab.merging(["CIRCLECI": "true", "CIRCLE_SHA1": gitLab["CI_COMMIT_SHA"] ?? ""]) { $1 }
        let option = try await DTCIBinary(in: directory.url, environment: environment)
            .run("detect", "--quiet", "--service", "circleci")
        #expect(option.standardOutput == "circleci\n")
        #expect(option.standardError.isEmpty)
        let variable = try await DTCIBinary(
            in: directory.url, environment: environment.merging(["DTCI_SERVICE": "circleci"]) { $1 }
        ).run("detect", "--quiet")
        #expect(variable.standardOutput == "circleci\n")
        let wrong = try await DTCIBinary(in: directory.url, environment: environment).run(
            "detect", "--service", "hudson")
        #expect(wrong.exitCode == 2)
        #expect(wrong.standardError.contains("\"hudson\" is no CI service; expected one of forgejo-actions"))
    }

    /// States of a clone, made by a real git: what must stand in the output and what must not.
    private static let clones: [(script: String, has: [String], hasNot: [String])] = [
        ("git init -q -b trunk .", ["local"], ["commit.sha", "branch", "repository"]),
        ("true", ["local"], ["commit.sha", "branch", "warning"]),
        ("\(commit) && git checkout -q --detach", ["commit.sha"], ["branch  "]),
        (
            "\(commit) && git worktree add -q -b side w && cd w && git remote add up git@gitlab.com:g/s/r.git && mv .git ../g"
                + " && cd .. && rm -rf .git/index && cp g w/.git && cd w", ["commit.sha"], ["warning"]
        ),
        (
            "mkdir up && cd up && \(commit) && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m y && cd .. "
                + "&& git clone -q --depth 1 file://$PWD/up c && cp -r c/.git .",
            ["commit.sha", "trunk"], ["repository.slug"]
        ),
        ("\(commit) && git remote add mirror https://u:secret@codeberg.org/o/r", ["o/r", "forgejo"], ["secret"]),
        (
            "\(commit) && git remote add origin gh:o/r && git config url.https://u:secret@github.com/.insteadOf gh:",
            ["o/r", "github.com"], ["secret"]
        ),
        ("\(commit) && chown -R 12345 .", ["warning: git does not trust this directory"], ["commit.sha"]),
    ]
    private static let commit =
        "git init -q -b trunk . && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x"

    @Test(arguments: clones)
    func `each state of a clone tells what it can`(script: String, has: [String], hasNot: [String]) async throws {
        let git = Process()
        git.executableURL = URL(filePath: "/bin/sh")
        git.arguments = ["-c", script]
        git.currentDirectoryURL = directory.url
        try git.run()
        git.waitUntilExit()
        try #require(git.terminationStatus == 0)
        let output = try await DTCIBinary(in: directory.url).run("detect")
        let text = output.standardOutput + output.standardError
        #expect(output.exitCode == 0)
        for words in has { #expect(text.contains(words), "\(text)") }
        for words in hasNot { #expect(!text.contains(words), "\(text)") }
    }

    @Test func `without any git only what the environment tells is known`() async throws {
        let output = try await DTCIBinary(in: directory.url, environment: ["PATH": "/nowhere", "CI": "true"]).run(
            "detect")
        #expect(output.exitCode == 0)
        #expect(output.standardOutput.contains("generic"))
        #expect(output.standardError.isEmpty)
    }
}
