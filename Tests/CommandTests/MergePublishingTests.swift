import Foundation
import Testing

/// What a person sees of a run over several jobs of a simulated CI service.
struct MergePublishingTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write("test $1 != b\n", to: "test.sh")
        try directory.write(
            """
            version: 1
            suites:
              - {name: shell, runner: command, list: "printf 'a\\nb\\nc\\n'", command: [sh, test.sh, "{{tests}}"], units-per-batch: 1}
            """, to: "dt-ci.yml")
    }

    private struct Sight: Decodable {
        var exitCode: Int32
        var comments: [Comment]
        var statuses: [Status]
        var reports: [Report]
        var summaries: [String]

        struct Comment: Decodable {
            var markdown: String
        }

        struct Status: Decodable {
            var name: String
            var state: String
        }

        struct Report: Decodable {
            var status: Status
        }

        /// The names of everything that stands on the commit.
        var verdicts: [String] { statuses.map(\.name) + reports.map(\.status.name) }
    }

    private func simulate(_ service: String, _ script: String) async throws -> Sight {
        let binary = try DTCIBinary.executable().path
        let output = try await DTCIBinary(in: directory.url).run(
            "simulate", service, "--event", "pull_request", "--json", "--", "sh", "-c",
            script.replacing("dt-ci", with: binary))
        let start = try #require(output.standardOutput.range(of: "{"), "\(output.standardError.suffix(400))")
        return try JSONDecoder().decode(Sight.self, from: Data(output.standardOutput[start.lowerBound...].utf8))
    }

    private static let nodes = "for node in 0 1 2; do dt-ci run --quiet --node $node/3"

    @Test(arguments: ["github-actions", "gitlab-ci", "azure-pipelines", "bitbucket-pipelines", "jenkins", "teamcity"])
    func `nodes keep to their jobs, and the merge leaves one comment and one verdict`(service: String) async throws {
        let alone = try await simulate(service, "\(Self.nodes); done")
        #expect(alone.comments.isEmpty)
        #expect(alone.verdicts.isEmpty)
        let merged = try await simulate(service, "\(Self.nodes); done; dt-ci merge --quiet")
        #expect(merged.exitCode == 1)
        #expect(merged.comments.count == 1)
        #expect(merged.comments.first?.markdown.contains("1 of 3 tests failed") == true)
        #expect(Set(merged.verdicts) == ["dt-ci"], "\(merged.verdicts)")
    }

    @Test func `with --publish always every node has a verdict and a section of its own`() async throws {
        let sight = try await simulate("github-actions", "\(Self.nodes) --publish always; done")
        #expect(Set(sight.verdicts) == Set((1...3).map { "dt-ci / node \($0) of 3" }))
        #expect(sight.comments.count == 1)
        for node in 1...3 { #expect(sight.comments.first?.markdown.contains("node \(node) of 3") == true) }
    }
}
