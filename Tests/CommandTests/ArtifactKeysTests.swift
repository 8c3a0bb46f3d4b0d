import CICore
import Foundation
import StorageServer
import Testing

/// Keys of a bucket from where CI jobs have them, and secrets that are packed.
@Suite struct ArtifactKeysTests {
    private static let server = Result { try StorageServer() }

    private func job(_ environment: [String: String]) async throws -> (DTCIBinary, TemporaryDirectory) {
        let directory = try TemporaryDirectory()
        try directory.write("hello", to: "shots/a.txt")
        var environment = environment
        environment["HOME"] = directory.url.path
        let binary = DTCIBinary(in: directory.url, environment: environment)
        let put = try await binary.run("artifacts", "put", "shots", "shots")
        try #require(put.exitCode == 0, "\(put.standardError)")
        return (binary, directory)
    }

    private func check(_ binary: DTCIBinary, _ directory: TemporaryDirectory, bucket: String) async throws {
        let up = try await binary.run("artifacts", "upload", "--place", "s3://\(bucket)")
        #expect(up.lines == ["shots: at s3://\(bucket)/shots/"], "\(up)")
        let down = try await binary.run(
            "artifacts", "get", "shots", "--from", "s3://\(bucket)", "--store", "o", "--to", "back")
        #expect(down.exitCode == 0, "\(down.standardError)")
        #expect(try directory.text("back/a.txt") == "hello")
    }

    @Test func `a role that a job's identity opens lends keys for a round trip`() async throws {
        let server = try Self.server.get()
        try await server.make("by-role")
        let (binary, directory) = try await job([
            "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/ci", "AWS_WEB_IDENTITY_TOKEN_FILE": "token",
            "AWS_ENDPOINT_URL": server.url,
        ])
        try directory.write("\(StorageServer.webIdentity)\n", to: "token")
        try await check(binary, directory, bucket: "by-role")
        try directory.write("stale", to: "token")
        let refused = try await binary.run("artifacts", "upload", "--place", "s3://by-role/2", "--place", "./share")
        #expect(refused.exitCode == 0)
        #expect(refused.lines.first?.contains("(s3://by-role/2: AWS STS: AssumeRoleWithWebIdentity of arn:") == true)
        #expect(!refused.standardOutput.contains("stale"))
    }

    @Test func `a profile of the user's file holds keys for a round trip`() async throws {
        let server = try Self.server.get()
        try await server.make("by-profile")
        let (binary, directory) = try await job(["AWS_PROFILE": "ci", "AWS_ENDPOINT_URL": server.url])
        try directory.write(
            "[ci]\naws_access_key_id = AK\naws_secret_access_key = \(StorageServer.secret)\n", to: ".aws/credentials")
        try await check(binary, directory, bucket: "by-profile")
    }

    @Test func `without keys the place is passed over, and the reason says what to set`() async throws {
        let (binary, directory) = try await job([:])
        let up = try await binary.run("artifacts", "upload", "--place", "s3://bucket", "--place", "./share")
        #expect(up.exitCode == 0)
        #expect(up.lines.first?.contains("(s3://bucket: no keys: set AWS_ACCESS_KEY_ID and") == true, "\(up)")
        #expect(directory.exists("share/shots/a.txt"))
    }

    @Test func `a secret in a packed file stays here, and what is not unpacked is said`() async throws {
        let (binary, directory) = try await job(["NPM_TOKEN": "npm_abcdefgh12345"])
        let lines = (1...2000).map { "line \($0)\n" }.joined()
        try directory.write(lines + "x npm_abcdefgh12345 y\n" + lines, to: "logs/log.txt")
        let made = try await binary.paste(
            "gzip -k logs/log.txt && mv logs/log.txt . && xz -k log.txt && mv log.txt.xz logs")
        try #require(made.exitCode == 0, "\(made)")
        _ = try await binary.run("artifacts", "put", "logs", "logs")
        let refused = try await binary.run("artifacts", "upload", "logs", "--place", "./share")
        #expect(refused.exitCode == 4)
        #expect(refused.lines == ["logs: not sent, for log.txt.gz: its content holds the value of NPM_TOKEN"])
        _ = try await binary.run("artifacts", "put", "rest", "logs/log.txt.xz")
        let sent = try await binary.run("artifacts", "upload", "rest", "--place", "./share")
        #expect(sent.exitCode == 0)
        #expect(sent.standardError == "rest: not searched for secrets: log.txt.xz (xz is not unpacked)\n", "\(sent)")
    }
}
