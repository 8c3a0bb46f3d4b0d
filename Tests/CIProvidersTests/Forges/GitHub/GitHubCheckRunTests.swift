import CICore
import Simulator
import Testing

@testable import CIProviders

@Suite struct GitHubCheckRunTests {
    private static func report(
        _ state: CommitStatus.State, text: String = "all of it", annotations: Int = 0
    ) -> AnnotatedReport {
        AnnotatedReport(
            status: CommitStatus(
                state: state, name: "dt-ci", summary: "summary of \(state)", url: "https://ci.example"),
            pages: [text],
            annotations: (0..<annotations).map {
                LineAnnotation(
                    path: "Tests/A.swift", line: $0 + 1, level: .failure, title: "test \($0)",
                    message: "expected \($0)",
                    key: "\($0)")
            })
    }

    @Test func `a check run that waits becomes one that failed, with all its annotations`() async throws {
        try await ForgeFixture.gitHub.connected { connection, running in
            let board = try connection.report.required()
            for state in [CommitStatus.State.pending, .running] { _ = try await board.post(Self.report(state)) }
            let page = try await board.post(Self.report(.failed, annotations: 130))
            #expect(page?.hasPrefix("https://github.com/") == true)
            let shown = try #require(running.exhibit.reports.first)
            #expect(running.exhibit.reports.count == 1)
            #expect(shown.status.state == "failure")
            #expect(shown.status.place == Scenario.Source().head)
            #expect(shown.annotations.map(\.line) == Array(1...130))
            #expect(shown.markdown == "all of it")
            let sizes = running.exchanges.filter { $0.request.method == .patch }.map { exchange in
                exchange.request.body.withUnsafeBufferPointer { JSONValue($0) }?["output"]?["annotations"]?.array.count
            }
            #expect(sizes.suffix(3) == [50, 50, 30])
        }
    }

    @Test(arguments: [
        (CommitStatus.State.pending, "queued"), (.running, "in_progress"), (.passed, "success"), (.failed, "failure"),
        (.errored, "failure"), (.cancelled, "cancelled"),
    ])
    func `a state has its word`(state: CommitStatus.State, word: String) async throws {
        try await ForgeFixture.gitHub.connected { connection, running in
            _ = try await connection.report.required().post(Self.report(state))
            #expect(running.exhibit.reports.map(\.status.state) == [word])
        }
    }

    @Test func `annotations that stand already are not added again`() async throws {
        try await ForgeFixture.gitHub.connected { connection, running in
            let board = try connection.report.required()
            _ = try await board.post(Self.report(.failed, annotations: 120))
            _ = try await board.post(Self.report(.failed, annotations: 125))
            #expect(running.exhibit.reports.map(\.annotations.count) == [125])
        }
    }

    @Test(arguments: 0..<3)
    func `a lost answer leaves one check run with each annotation once`(skipped: Int) async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.faults = [
            Fault(.lostAnswer, count: 1, pattern: ["POST *", "PATCH *", "P* /github/repos/*"][skipped])
        ]
        try await ForgeFixture.gitHub.connected(wishes) { connection, running in
            let board = try connection.report.required()
            _ = try await board.post(Self.report(.running))
            _ = try await board.post(Self.report(.failed, annotations: 70))
            #expect(running.exhibit.reports.map(\.annotations.count) == [70])
            #expect(running.exchanges.contains { $0.fault == .lostAnswer })
        }
    }

    @Test(arguments: HostileText.all)
    func `texts keep within GitHub's limits`(text: String) async throws {
        try await ForgeFixture.gitHub.connected { connection, running in
            var report = Self.report(.failed, text: HostileText.long(text, scalars: 70_000))
            report.status.summary = HostileText.long(text, scalars: 2_000)
            report.annotations = [
                LineAnnotation(
                    path: "a.swift", line: nil, level: .warning, title: HostileText.long(text, scalars: 2_000),
                    message: HostileText.long(text, scalars: 70_000), key: "a")
            ]
            _ = try await connection.report.required().post(report)
            let shown = try #require(running.exhibit.reports.first)
            #expect(shown.markdown.utf8.count <= 65_535)
            #expect(shown.markdown.hasSuffix("… cut: too long\n"))
            #expect(shown.annotations.map(\.line) == [1])
            #expect(shown.annotations.first?.title.isEmpty == false)
        }
    }

    @Test func `a second page is shown below the first, and goes when there is none any more`() async throws {
        try await ForgeFixture.gitHub.connected { connection, running in
            let board = try connection.report.required()
            var report = Self.report(.failed, text: "first")
            report.pages.append("second")
            _ = try await board.post(report)
            #expect(running.exhibit.reports.map(\.markdown) == ["first\n\nsecond"])
            _ = try await board.post(Self.report(.failed, text: "first"))
            #expect(running.exhibit.reports.map(\.markdown) == ["first"])
        }
    }

    @Test(arguments: ["/etc/passwd", "../outside.swift", "a/../../b", "C:\\a.swift", ""])
    func `a remark on no file of the repository is left out`(path: String) async throws {
        try await ForgeFixture.gitHub.connected { connection, running in
            var report = Self.report(.failed, annotations: 1)
            report.annotations.append(
                LineAnnotation(path: path, line: 3, level: .failure, title: "t", message: "m", key: "k"))
            _ = try await connection.report.required().post(report)
            #expect(running.exhibit.reports.map(\.annotations.count) == [1])
        }
    }

    @Test func `another attempt of the run gets a check run of its own`() async throws {
        let fixture = ForgeFixture.gitHub
        let scenario = Scenario(service: "github-actions", forge: "github", event: .push)
        try await Simulation([.gitHub(scenario)]).serving { running in
            for attempt in 1...2 {
                var context = BuildContext(scenario)
                context.execution.run.attempt = attempt
                let environment = fixture.environment(scenario) { running.base(of: $0) }
                let connection = fixture.forge.connect(
                    APIAccess(
                        context: context, environment: environment, files: LocalFileSystem(), exchange: .forTests()))
                _ = try await connection.report.required().post(Self.report(.failed, annotations: 3))
            }
            #expect(running.exhibit.reports.map(\.annotations.count) == [3, 3])
        }
    }

    @Test func `what the token may not do is an error with GitHub's words`() async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.tokens.isReadOnly = true
        try await ForgeFixture.gitHub.connected(wishes) { connection, _ in
            let board = try connection.report.required()
            let error = await #expect(throws: APIError.self) { try await board.post(Self.report(.passed)) }
            #expect(error?.code == .forbidden)
            #expect(error?.detail == "Resource not accessible by integration")
        }
    }
}
