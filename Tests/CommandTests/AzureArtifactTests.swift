import Foundation
import Testing

/// Artifacts by Azure Pipelines' API, and by a line of the log where that does not take them.
@Suite struct AzureArtifactTests {
    private func job() async throws -> (DTCIBinary, TemporaryDirectory) {
        let directory = try TemporaryDirectory()
        try directory.write("hello", to: "build/shots/a.txt")
        try directory.write(String(repeating: "pixel ", count: 1_000_000), to: "build/shots/deep/b c.png")
        try directory.write("", to: "build/shots/empty")
        let binary = DTCIBinary(in: directory.url)
        let put = try await binary.run("artifacts", "put", "shots", "build/shots")
        try #require(put.exitCode == 0, "\(put.standardError)")
        return (binary, directory)
    }

    private static let address = "_build/results?buildId="

    @Test(arguments: ["", "--fault server-error=2:PUT*", "--fault reset=3:*Containers*", "--fault lost-answer=2:PUT*"])
    func `a tree goes up and comes back, whatever breaks on the way`(fault: String) async throws {
        let (binary, directory) = try await job()
        let script = "dt-ci artifacts upload && dt-ci artifacts get shots --from azure --store other --to back"
        let output = try await binary.paste("dt-ci simulate azure-pipelines \(fault) -- bash -c '\(script)'")
        #expect(output.exitCode == 0, "\(output)")
        #expect(output.standardOutput.contains("shots: at Azure Pipelines artifacts: http"), "\(output)")
        #expect(output.standardOutput.contains(Self.address))
        #expect(!directory.exists(".dt-ci/upload"))
        for name in ["a.txt", "deep/b c.png", "empty"] {
            #expect(try directory.text("back/\(name)") == directory.text("build/shots/\(name)"))
        }
    }

    @Test(arguments: [
        ("", "SYSTEM_ACCESSTOKEN=wrong", "203: the answer is a sign-in page"), ("", "BUILD_CONTAINERID=1", "404"),
        ("--fault fork-token:PUT*Containers*", "X=x", "403"), ("--fault server-error=all:PUT*", "X=x", "50"),
        ("--fault fork-token:POST*artifacts", "X=x", "403"),
    ])
    func `what the API refuses is told to the agent by the log, with the reason`(
        fault: String, setting: String, reason: String
    ) async throws {
        let (binary, directory) = try await job()
        let output = try await binary.paste(
            "dt-ci simulate azure-pipelines \(fault) -- bash -c 'export \(setting); dt-ci artifacts upload'")
        #expect(output.exitCode == 0, "\(output)")
        let line = try #require(output.lines.first { $0.contains("shots: at ") })
        #expect(line.contains("at Azure Pipelines artifacts by a line of the log ("), "\(line)")
        #expect(line.contains("Azure Pipelines artifacts: ") && line.contains(reason), "\(line)")
        #expect(output.standardOutput.contains("/.dt-ci/upload/shots"))
        #expect(try directory.text(".dt-ci/upload/shots/a.txt") == "hello")
    }

    @Test func `a job without a token uses the log without a word, and can fetch nothing`() async throws {
        let (binary, directory) = try await job()
        let script =
            "unset SYSTEM_ACCESSTOKEN; dt-ci artifacts upload; dt-ci artifacts get shots --from azure --store o"
        let output = try await binary.paste("dt-ci simulate azure-pipelines -- bash -c '\(script)'")
        #expect(
            output.standardOutput.contains("shots: at Azure Pipelines artifacts by a line of the log\n"), "\(output)")
        #expect((output.standardOutput + output.standardError).contains("map SYSTEM_ACCESSTOKEN"), "\(output)")
        #expect(directory.exists(".dt-ci/upload/shots/a.txt"))
    }
}
