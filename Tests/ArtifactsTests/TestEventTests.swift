import Artifacts
import CICore
import Testing

/// The lines of dt-ci's own reporters.
@Suite struct TestEventTests {
    @Test func `a finished test carries the runner's selector and everything said of it`() throws {
        let tests = try ReadReport(ReportFixture.path("test-events/events.jsonl")).tests
        let failed = try #require(tests.first { $0.outcome == .failed })
        #expect(failed.properties[TestEvent.selectorProperty] == "spec/a_spec.rb[1:2]")
        #expect(failed.suitePath == ["Calc", "inner"])
        #expect(failed.location == SourceLocation(file: "spec/a_spec.rb", line: 3))
        #expect(failed.attempts.first?.duration == .zero)
        #expect(failed.attempts.first?.reason?.message == "expected: 2\n     got: 1")
        #expect(failed.attempts.first?.reason?.details == "Failure/Error: expect(1).to eq 2")
    }

    @Test func `what began and did not end can be told`() {
        let text = """
            {"event":"begin"}
            {"event":"start","id":"a"}
            {"event":"finish","id":"a","outcome":"passed","name":"a"}
            {"event":"start","id":"b"}
            """
        let events = TestEvent.events(in: Array(text.utf8))
        #expect(events.map(\.kind) == [.begin, .start, .finish, .start])
        #expect(events.map(\.id) == ["", "a", "a", "b"])
    }

    @Test(arguments: [
        "", "{", "null", "[]", "{\"event\":\"other\"}", "{\"event\":\"finish\",\"id\":\"a\"}",
        "{\"event\":\"finish\",\"id\":\"a\",\"outcome\":\"great\"}", "\u{0}\u{1}", "{\"event\":\"start\"",
    ])
    func `a line that is no event is left out`(line: String) {
        #expect(TestEvent.events(in: Array(line.utf8)).isEmpty)
    }

    @Test func `a message of any length is bounded`() throws {
        let text = String(repeating: "x", count: 1 << 20)
        let line = "{\"event\":\"finish\",\"id\":\"a\",\"outcome\":\"failed\",\"name\":\"a\",\"message\":\"\(text)\"}"
        let event = try #require(TestEvent.events(in: Array(line.utf8)).first)
        let message = try #require(event.test?.attempts.first?.reason?.message)
        #expect(message.utf8.count < 70_000)
    }
}
