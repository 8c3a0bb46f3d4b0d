import CICore
import CIProviders
import Simulator
import SystemPackage
import Testing

/// Test runs, tags and logs of Azure Pipelines.
@Suite struct AzureTestRunTests {
    private func record(
        _ name: String, _ attempts: [Attempt] = [Attempt(outcome: .passed, duration: .milliseconds(250))]
    ) -> TestRecord {
        TestRecord(
            id: TestID("unit::\(name)"),
            identity: TestIdentity(suite: SuiteName("unit"), className: "cart.Tests", name: name), container: "cart",
            attempts: attempts)
    }

    @Test func `thousands of tests become one completed run, in batches`() async throws {
        let results = RunResults(tests: (1...2_345).map { record("test \($0)") })
        try await ServiceFixture.azurePipelines.connected { connection, running in
            let page = try await connection.testRuns.required().post(results, name: "dt-ci", attachments: [])
            let run = try #require(running.exhibit.testRuns.first)
            #expect(running.exhibit.testRuns.count == 1 && run.state == "Completed")
            #expect(run.tests.map(\.name) == (1...2_345).map { "cart.Tests.test \($0)" })
            #expect(run.tests.allSatisfy { $0.result == "Passed" && $0.duration == .milliseconds(250) })
            #expect(page?.contains("/_TestManagement/Runs?runId=") == true)
            let batches = running.exchanges.filter { $0.request.path.hasSuffix("/results") }
            #expect(batches.count == 3)
            let listed = try await connection.journal.required().tests(ofJob: "")
            #expect(listed.count == 2_345)
            #expect(listed.first?.className == "cart.Tests" && listed.first?.name == "test 1")
        }
    }

    @Test func `every outcome has its word, and attempts are kept`() async throws {
        let failed = Attempt(
            outcome: .failed, duration: .seconds(2),
            reason: .init(type: "AssertionError", message: "1 != 2", details: "at cart.py:3"))
        let results = RunResults(tests: [
            record("passes"), record("fails", [failed]), record("skips", [Attempt(outcome: .skipped)]),
            record("errs", [Attempt(outcome: .errored)]),
            record("flakes", [failed, Attempt(outcome: .passed, duration: .microseconds(1_234))]),
        ])
        try await ServiceFixture.azurePipelines.connected { connection, running in
            _ = try await connection.testRuns.required().post(results, name: "dt-ci", attachments: [])
            let tests = try #require(running.exhibit.testRuns.first).tests
            #expect(tests.map(\.result) == ["Passed", "Failed", "NotExecuted", "Failed", "Passed"])
            #expect(tests[1].message == "AssertionError: 1 != 2" && tests[1].duration == .seconds(2))
            let sent = try #require(running.exchanges.first { $0.request.path.hasSuffix("/results") })
            let text = String(decoding: sent.request.body, as: UTF8.self)
            #expect(text.contains(#""resultGroupType":"rerun""#) && text.contains("flaky: passed in attempt 2"))
        }
    }

    @Test(arguments: ["👨‍👩‍👧‍👦", "בדיקה נכשלה اختبار فاشل ", "plain words\n"])
    func `long texts are cut to the API's limits and attached whole`(text: String) async throws {
        let long = String(repeating: text, count: 3_000)
        let failed = Attempt(outcome: .failed, reason: .init(message: long, details: long))
        let results = RunResults(tests: [record(long, [failed]), record("short")])
        try await ServiceFixture.azurePipelines.connected { connection, running in
            _ = try await connection.testRuns.required().post(results, name: long, attachments: [])
            let run = try #require(running.exhibit.testRuns.first)
            #expect(run.state == "Completed" && run.tests.count == 2)
            let message = try #require(run.tests.first?.message)
            #expect(message.utf16.count <= 1_000 && !message.unicodeScalars.contains("\u{fffd}"))
            #expect(run.attachments.map(\.path) == ["failure.txt"])
            #expect((run.attachments.first?.size ?? 0) > 20_000)
        }
    }

    @Test func `files are attached under safe names`() async throws {
        let files = [
            SharedFile(name: "../../junit:1.xml", content: .bytes(Array("<a/>".utf8)), mediaType: "application/xml")
        ]
        try await ServiceFixture.azurePipelines.connected { connection, running in
            _ = try await connection.testRuns.required().post(
                RunResults(tests: [record("one")]), name: "dt-ci", attachments: files)
            let attached = try #require(running.exhibit.testRuns.first?.attachments.first)
            #expect(!attached.path.contains("/") && !attached.path.contains(":") && attached.size == 4)
        }
    }

    @Test func `answers that are lost leave one run with each test once`() async throws {
        let file = SharedFile(name: "junit.xml", content: .bytes([60]), mediaType: "application/xml")
        var wishes = ServiceFixture.Wishes()
        wishes.faults = ["*/test/runs", "*/results", "*/attachments"].map {
            Fault(.lostAnswer, count: 1, pattern: "POST \($0)")
        }
        try await ServiceFixture.azurePipelines.connected(wishes) { connection, running in
            _ = try await connection.testRuns.required().post(
                RunResults(tests: [record("one"), record("two")]), name: "dt-ci", attachments: [file])
            let run = try #require(running.exhibit.testRuns.first)
            #expect(running.exhibit.testRuns.count == 1 && run.state == "Completed")
            #expect(run.tests.map(\.name) == ["cart.Tests.one", "cart.Tests.two"])
            #expect(run.attachments.count == 1)
        }
    }

    @Test func `a run that cannot be filled is not left in progress`() async throws {
        let missing = SharedFile(
            name: "gone.xml", content: .file("/nonexistent/gone.xml", count: 4), mediaType: "application/xml")
        try await ServiceFixture.azurePipelines.connected { connection, running in
            let board = try connection.testRuns.required()
            await #expect(throws: APIError.self) {
                _ = try await board.post(RunResults(tests: [record("one")]), name: "dt-ci", attachments: [missing])
            }
            #expect(running.exhibit.testRuns.map(\.state) == ["Aborted"])
        }
    }

    @Test func `tags stand once, and of a long log the last lines come`() async throws {
        try await ServiceFixture.azurePipelines.connected { connection, running in
            let board = try connection.board.required()
            try await board.tag(["flaky", "two words"])
            try await board.tag(["flaky"])
            #expect(running.exhibit.notes.map(\.text) == ["flaky", "two words"])
            let journal = try connection.journal.required()
            let log = try await journal.log(ofJob: try #require(journal.currentJob))
            #expect(log.hasSuffix("line 6000") && !log.contains("line 1000\n") && log.contains("line 1001\n"))
        }
    }
}
