import CICore
import Foundation
import Simulator
import StorageServer
import Testing

/// `dt-ci artifacts upload` and `get --from`, with real services' stand-ins and a real S3-compatible server.
@Suite struct ArtifactUploadTests {
    private static let server = Result { try StorageServer() }

    /// A job with an artifact `shots` in its store.
    private func job(_ environment: [String: String] = [:]) async throws -> (DTCIBinary, TemporaryDirectory) {
        let directory = try TemporaryDirectory()
        try directory.write("hello", to: "build/shots/a.txt")
        try directory.write(String(repeating: "pixel ", count: 10_000), to: "build/shots/deep/b c.png")
        let binary = DTCIBinary(in: directory.url, environment: environment)
        let put = try await binary.run("artifacts", "put", "shots", "build/shots")
        try #require(put.exitCode == 0, "\(put.standardError)")
        return (binary, directory)
    }

    private func storage(_ server: StorageServer) -> [String: String] {
        ["AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": StorageServer.secret, "AWS_ENDPOINT_URL": server.url]
    }

    @Test func `an artifact goes into a bucket and comes back from it`() async throws {
        let server = try Self.server.get()
        try await server.make("there-and-back")
        let (binary, directory) = try await job(storage(server))
        let up = try await binary.run("artifacts", "upload", "--place", "s3://there-and-back/run 7")
        #expect(up.exitCode == 0, "\(up.standardError)")
        #expect(up.lines == ["shots: at s3://there-and-back/run 7/shots/"])
        let again = try await binary.run("artifacts", "upload", "--place", "s3://there-and-back/run 7")
        #expect(again.lines == ["shots: already at s3://there-and-back/run 7/shots/"])
        let down = try await binary.run(
            "artifacts", "get", "shots", "--from", "s3://there-and-back/run 7", "--store", "other", "--to", "back")
        #expect(down.exitCode == 0, "\(down.standardError)")
        #expect(try directory.text("back/deep/b c.png") == directory.text("build/shots/deep/b c.png"))
    }

    @Test func `a bucket that refuses is passed over, and the verdict says why`() async throws {
        let server = try Self.server.get()
        let (binary, directory) = try await job(storage(server))
        let up = try await binary.run(
            "artifacts", "upload", "--place", "s3://no-such-bucket", "--place", "./share", "--json")
        #expect(up.exitCode == 0)
        let json = try #require(JSONValue(Array(up.standardOutput.utf8)))
        let shots = try #require(json["artifacts"]?.array.first)
        #expect(shots["place"]?.string == directory.url.resolvingSymlinksInPath().appending(path: "share").path)
        let reason = try #require(shots["passed"]?.array.first?["reason"]?.string)
        #expect(reason.contains("NoSuchBucket") && !reason.contains("s3://no-such-bucket"), "said by its place")
        #expect(directory.exists("share/shots/deep/b c.png"))
    }

    @Test func `without any place that works it stays here, pending, and a later upload finishes it`() async throws {
        let server = try Self.server.get()
        let (binary, directory) = try await job(storage(server))
        let failed = try await binary.run("artifacts", "upload", "--place", "s3://comes-later")
        #expect(failed.exitCode == 4)
        #expect(failed.lines.first?.hasPrefix("shots: only in .dt-ci/artifacts (s3://comes-later: ") == true)
        try await server.make("comes-later")
        let resumed = try await binary.run("artifacts", "upload", "--resume", "--place", "s3://comes-later")
        #expect(resumed.lines == ["shots: at s3://comes-later/shots/"])
        let done = try await binary.run("artifacts", "upload", "--resume", "--place", "s3://comes-later")
        #expect(done.lines == ["nothing is left to upload"])
        _ = directory
    }

    @Test func `an upload that is killed in the middle goes on where it was`() async throws {
        let server = try Self.server.get()
        try await server.make("killed")
        let (binary, directory) = try await job(storage(server))
        let size = 21 << 20
        let bytes = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 5) })
        try bytes.write(to: directory.url.appending(path: "big.bin"))
        _ = try await binary.run("artifacts", "put", "big", "big.bin")
        try await server.plan("PUT /killed/big/big.bin?partNumber=3", "stall")
        let running = try RunningBinary(binary, "artifacts", "upload", "big", "--place", "s3://killed")
        try await server.reached("partNumber=2")
        try await server.reached("partNumber=3", sent: false)
        running.signal(SIGKILL)
        _ = try await running.end()
        try await server.plan("PUT /killed/big/big.bin?partNumber=3", "stall", count: 0)
        let before = try await server.lines().count
        let resumed = try await binary.run("artifacts", "upload", "--resume", "--place", "s3://killed")
        #expect(resumed.lines == ["big: at s3://killed/big/"], "\(resumed.standardError)")
        let parts = try await server.lines().dropFirst(before).filter { $0.contains("partNumber=") }
        #expect(parts.map { $0.contains("partNumber=3") } == [true])
        let down = try await binary.run(
            "artifacts", "get", "big", "--from", "s3://killed", "--store", "other", "--to", "back")
        #expect(down.exitCode == 0)
        #expect(try Data(contentsOf: directory.url.appending(path: "back/big.bin")) == bytes)
    }

    @Test func `what holds a secret of the environment does not leave, unless it may`() async throws {
        let (binary, directory) = try await job(["NPM_TOKEN": "npm_abcdefgh12345"])
        try directory.write("x=\(Data("npm_abcdefgh12345".utf8).base64EncodedString())", to: "log.txt")
        _ = try await binary.run("artifacts", "put", "log", "log.txt")
        let refused = try await binary.run("artifacts", "upload", "--place", "./share")
        #expect(refused.exitCode == 4)
        #expect(refused.lines.first == "log: not sent, for log.txt holds the value of NPM_TOKEN")
        #expect(!refused.standardOutput.contains("npm_abc"))
        #expect(!directory.exists("share/log"))
        let allowed = try await binary.run("artifacts", "upload", "log", "--place", "./share", "--no-deny-secrets")
        #expect(allowed.exitCode == 0)
    }

    @Test(
        arguments: [
            ("nowhere", nil), ("s3://", nil), ("s3://bucket?x=1", nil), ("gist", nil), ("gitlabb", "gitlab"),
            ("s4://x/y", "s3://x/y"), ("gs://b/p", "s3://b/p?endpoint=https://storage.googleapis.com"),
            ("https://minio.example/b", "s3://BUCKET/PREFIX?endpoint=https://minio.example/b"),
            ("file:///tmp/x", "/tmp/x"),
            ("gitlab:a/b", "gitlab"), ("pipelin:a/b", "pipeline:a/b"), ("a:b/c", "./a:b/c"), ("pipeline:", "pipeline"),
            ("://x", "s3://x"),
        ] as [(String, String?)])
    func `what is no place is a plain error, with what may have been meant`(
        place: String, nearest: String?
    ) async throws {
        let (binary, directory) = try await job()
        let output = try await binary.run("artifacts", "upload", "--place", place)
        #expect(output.exitCode == 2)
        #expect(!directory.exists(".dt-ci/artifacts/uploads"))
        #expect(output.standardError.contains("\"\(place)\""))
        #expect(
            output.standardError.contains(nearest.map { "did you mean \"\($0)\"?" } ?? "\(place)\" is no "),
            "\(output.standardError)")
        try directory.write("version: 1\nartifacts: {places: [auto, \"\(place)\"]}\n", to: "dt-ci.yml")
        let configured = try await binary.run("run", "--dry-run")
        #expect(configured.exitCode == 2)
        #expect(configured.standardError.contains("dt-ci.yml:2:"), "\(configured.standardError)")
    }

    @Test(arguments: [
        ("github-actions", "github", "GitHub artifacts"), ("gitlab-ci", "gitlab", "GitLab packages"),
        ("bitbucket-pipelines", "bitbucket", "Bitbucket downloads"),
        ("azure-pipelines", "azure", "Azure Pipelines artifacts"),
    ])
    func `an artifact goes to the service's own place and comes back from it`(
        service: String, forge: String, title: String
    ) async throws {
        let (binary, directory) = try await job()
        let script = """
            dt-ci artifacts upload && dt-ci artifacts get shots --from \(forge) --store other --to back
            """
        let output = try await binary.paste("dt-ci simulate \(service) -- bash -c '\(script)'")
        #expect(output.exitCode == 0, "\(output.standardOutput)\(output.standardError)")
        #expect(output.standardOutput.contains("shots: at \(title)"))
        #expect(try directory.text("back/deep/b c.png") == directory.text("build/shots/deep/b c.png"))
    }

    @Test(arguments: [("GITEA_ACTIONS", "gitea", "Gitea"), ("FORGEJO_ACTIONS", "forgejo", "Forgejo")])
    func `a job that speaks GitHub's language has its own forge's place`(
        mark: String, name: String, title: String
    ) async throws {
        let (binary, directory) = try await job()
        // By the name of its own place it comes back as well as by GitHub's.
        let script = """
            export \(mark)=true; dt-ci artifacts upload --place github &&
            dt-ci artifacts get shots --from \(name) --store other --to back
            """
        let output = try await binary.paste("dt-ci simulate github-actions -- bash -c '\(script)'")
        #expect(output.exitCode == 0, "\(output)")
        #expect(output.standardOutput.contains("shots: at \(title) artifacts"), "\(output)")
        #expect(try directory.text("back/deep/b c.png") == directory.text("build/shots/deep/b c.png"))
    }

    @Test func `a directory on a share keeps an artifact, and gives it back`() async throws {
        let (binary, directory) = try await job()
        let up = try await binary.run("artifacts", "upload", "--place", "./share")
        let share = directory.url.resolvingSymlinksInPath().appending(path: "share").path
        #expect(up.lines == ["shots: at \(share)/shots"])
        let down = try await binary.run(
            "artifacts", "get", "shots", "--from", "./share", "--store", "o", "--to", "back")
        #expect(down.exitCode == 0, "\(down.standardError)")
        #expect(try directory.text("back/deep/b c.png") == directory.text("build/shots/deep/b c.png"))
    }

    @Test(arguments: [
        ("azure-pipelines", "Artifact shots: %/.dt-ci/upload/shots\n"),
        ("teamcity", "Artifact: %/.dt-ci/upload/shots => shots\n"),
    ])
    func `a service that reads the log is told of a directory`(service: String, line: String) async throws {
        let (binary, directory) = try await job()
        let output = try await binary.paste(
            "dt-ci simulate \(service) -- bash -c 'unset SYSTEM_ACCESSTOKEN; dt-ci artifacts upload'")
        #expect(output.exitCode == 0, "\(output.standardOutput)\(output.standardError)")
        let directoryPath = directory.url.resolvingSymlinksInPath().path
        #expect(output.standardOutput.contains(line.replacing("%", with: directoryPath)))
        #expect(try directory.text(".dt-ci/upload/shots/a.txt") == "hello")
    }

    @Test(arguments: ["circleci", "jenkins", "travis-ci"])
    func `a pipeline that stores a directory finds it there`(service: String) async throws {
        let (binary, directory) = try await job()
        let output = try await binary.paste("dt-ci simulate \(service) -- dt-ci artifacts upload")
        #expect(output.exitCode == 0, "\(output.standardOutput)\(output.standardError)")
        #expect(output.standardOutput.contains("shots: at pipeline directory .dt-ci/upload"))
        #expect(try directory.text(".dt-ci/upload/shots/a.txt") == "hello")
    }

    @Test func `a run keeps and places what its configuration says`() async throws {
        let directory = try TemporaryDirectory()
        try directory.write(
            """
            version: 1
            suites:
              - {name: s, runner: command, list: echo t, command: "mkdir -p out && echo hi > out/log.txt && echo x > out/skip.tmp"}
            artifacts:
              places: [./share]
              collect:
                - {name: logs, paths: [out, gone], exclude: ["*.tmp"]}
                - {name: dump, paths: [out], when: failure}

            """, to: "dt-ci.yml")
        let binary = DTCIBinary(in: directory.url)
        let output = try await binary.run("run")
        #expect(output.exitCode == 0, "\(output.standardError)")
        #expect(output.standardError.contains("artifact logs: gone is not there"))
        #expect(try directory.text("share/logs/log.txt") == "hi\n")
        #expect(!directory.exists("share/logs/skip.tmp"))
        let results = try #require(JSONValue(Array(try directory.text(".dt-ci/results.json").utf8)))
        let artifacts = results["artifacts"]?.array ?? []
        #expect(artifacts.map { $0["name"]?.string } == ["logs"])
        #expect(artifacts.first?["places"]?.array.count == 1)
        #expect(!directory.exists("share/dump"))
    }
}

extension StorageServer {
    /// Makes a bucket.
    func make(_ bucket: String) async throws { _ = try await send(["-X", "POST", "/_buckets", "-d", bucket]) }

    /// Plans a fault.
    func plan(_ match: String, _ kind: String, count: Int = 1) async throws {
        _ = try await send([
            "-X", "POST", "/_faults", "-d", #"[{"match":"\#(match)","kind":"\#(kind)","count":\#(count)}]"#,
        ])
    }

    /// What was asked and answered.
    func lines() async throws -> [String] {
        let text = try await send(["/_requests"])
        return (JSONValue(Array(text.utf8))?.array ?? []).compactMap { $0["line"]?.string }
    }

    /// Waits until a request has come, or at least begun.
    func reached(_ part: String, sent: Bool = true) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let found = sent ? try await lines() : [try await send(["/_begun"])]
            if found.contains(where: { $0.contains(part) }) { return }
            await Task.yield()
        }
        Issue.record("nobody asked for \(part)")
    }

    private func send(_ arguments: [String]) async throws -> String {
        let arguments = arguments.map { $0.hasPrefix("/_") ? url + $0 : $0 }
        let scratch = try TemporaryDirectory()
        return try await DTCIBinary(in: scratch.url).run(URL(filePath: "/usr/bin/curl"), ["-sS"] + arguments)
            .standardOutput
    }
}

extension JSONValue {
    fileprivate init?(_ bytes: [UInt8]) {
        guard let value = bytes.withUnsafeBufferPointer({ JSONValue($0) }) else { return nil }
        self = value
    }
}
