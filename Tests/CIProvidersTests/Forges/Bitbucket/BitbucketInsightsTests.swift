import CICore
import Testing

@testable import CIProviders
@testable import Simulator

struct BitbucketInsightsTests {
    @Test func `a report begins pending and ends with its remarks`() async throws {
        try await ForgeFixture.bitbucket.connected { connection, running in
            let board = try connection.report.required()
            _ = try await board.post(Self.report(.running, count: 0))
            #expect(running.exhibit.reports.map(\.status.state) == ["PENDING"])
            let page = try await board.post(Self.report(.failed, count: 250))
            #expect(page == "https://bitbucket.org/octo/widgets/commits/\(Scenario.Source().head)")
            let shown = try #require(running.exhibit.reports.first)
            #expect(running.exhibit.reports.count == 1)
            #expect(shown.status.state == "FAILED")
            #expect(shown.markdown == "2 of 310 failed")
            #expect(shown.annotations.map(\.line) == Array(1...250))
            #expect(Self.batches(running).count == 3)
        }
    }

    @Test func `a report on the same commit leaves no remark of the one before`() async throws {
        try await ForgeFixture.bitbucket.connected { connection, running in
            let board = try connection.report.required()
            _ = try await board.post(Self.report(.failed, count: 30))
            _ = try await board.post(Self.report(.passed, count: 0))
            #expect(running.exhibit.reports.map(\.annotations.count) == [0])
            #expect(running.exhibit.reports.map(\.status.state) == ["PASSED"])
        }
    }

    @Test func `more than Bitbucket takes is left out`() async throws {
        try await ForgeFixture.bitbucket.connected { connection, running in
            var report = Self.report(.failed, count: 1_200)
            report.figures = (0..<12).map { AnnotatedReport.Figure(name: "Figure \($0)", value: $0) }
            _ = try await connection.report.required().post(report)
            let shown = try #require(running.exhibit.reports.first)
            #expect(shown.annotations.count == 1_000)
            #expect(shown.annotations.last?.line == 1_000)
            #expect(shown.figures.pairs.map(\.value) == (0..<10).map(String.init))
        }
    }

    @Test(arguments: HostileText.all + ["", "   ", "\u{7}\u{1b}[31m"])
    func `any text is one that Bitbucket takes`(text: String) async throws {
        try await ForgeFixture.bitbucket.connected { connection, running in
            let long = text.isEmpty ? "" : HostileText.long(text, scalars: 3_000)
            var report = Self.report(.failed, count: 1)
            report.status.summary = long
            report.status.name = long
            report.annotations = [
                LineAnnotation(path: nil, line: 3, level: .failure, title: long, message: long, key: "a"),
                LineAnnotation(path: "a.py", line: 0, level: .notice, title: text, message: "", key: "a"),
            ]
            _ = try await connection.report.required().post(report)
            let shown = try #require(running.exhibit.reports.first)
            #expect(shown.annotations.count == 2)
            #expect(shown.annotations.map(\.line) == [nil, nil])
            #expect(shown.annotations.map(\.tone) == [.bad, .neutral])
        }
    }

    @Test(arguments: [1, 3])
    func `remarks whose answer is lost stand once`(count: Int) async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.faults = [Fault(.lostAnswer, count: count, pattern: "POST *annotations")]
        try await ForgeFixture.bitbucket.connected(wishes) { connection, running in
            _ = try await connection.report.required().post(Self.report(.failed, count: 250))
            #expect(running.exhibit.reports.first?.annotations.count == 250)
            #expect(Self.batches(running).count == 3)
        }
    }

    @Test func `in a step without a token the report goes by the proxy`() async throws {
        try await ForgeFixture.bitbucket.connected(.tokenless) { connection, running in
            #expect(connection.status.obstacle?.advice.contains("BITBUCKET_TOKEN") == true)
            #expect(connection.comments.obstacle != nil)
            _ = try await connection.report.required().post(Self.report(.failed, count: 120))
            #expect(running.exhibit.reports.map(\.annotations.count) == [120])
            let names = Set(running.exchanges.flatMap { $0.request.headers.pairs.map { $0.name.lowercased() } })
            #expect(names.contains("proxy-connection"))
            #expect(!names.contains("authorization"))
            #expect(await connection.permissions().map(\.capability) == [.annotatedReport])
        }
    }

    @Test func `a token that is refused gives way to the proxy`() async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.environment = { $0["BITBUCKET_TOKEN"] = "revoked" }
        try await ForgeFixture.bitbucket.connected(wishes) { connection, running in
            _ = try await connection.report.required().post(Self.report(.passed, count: 0))
            #expect(running.exhibit.reports.map(\.status.state) == ["PASSED"])
        }
    }

    @Test func `elsewhere there is no proxy`() async throws {
        var wishes = ForgeFixture.Wishes.tokenless
        wishes.context = { $0.service = "jenkins" }
        try await ForgeFixture.bitbucket.connected(wishes) { connection, _ in
            #expect(connection.report.obstacle?.reason == "no token for Bitbucket")
        }
    }

    @Test func `a commit that Bitbucket does not know is a plain error`() async throws {
        var wishes = ForgeFixture.Wishes()
        wishes.context = { $0.source.commit = String(repeating: "0", count: 40) }
        try await ForgeFixture.bitbucket.connected(wishes) { connection, running in
            let board = try connection.report.required()
            let error = await #expect(throws: APIError.self) { try await board.post(Self.report(.running, count: 0)) }
            #expect(error?.code == .notFound)
            #expect(error?.description.contains("Commit not found") == true)
            #expect(running.exhibit.reports.isEmpty)
        }
    }

    private static func batches(_ running: RunningSimulation) -> [RecordedExchange] {
        running.exchanges.filter { $0.request.method == .post && $0.request.path.hasSuffix("/annotations") }
    }

    private static func report(_ state: CommitStatus.State, count: Int) -> AnnotatedReport {
        AnnotatedReport(
            status: CommitStatus(
                state: state, name: "dt-ci", summary: "2 of 310 failed", url: "https://ci.example/runs/1"),
            pages: ["**2** of 310 failed"],
            annotations: (0..<count).map { number in
                LineAnnotation(
                    path: "Tests/a.py", line: number + 1, level: .failure, title: "test_\(number) failed",
                    message: "expected 1\ngot 2", key: "k\(number / 2)")
            },
            figures: [.init(name: "Passed", value: 308)])
    }
}
