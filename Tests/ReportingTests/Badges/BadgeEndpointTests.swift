import CICore
import Testing

@testable import Reporting

@Suite struct BadgeEndpointTests {
    @Test func `what is written is read again`() throws {
        var endpoint = BadgeEndpoint(
            label: "te\"sts", message: "1 <failed> ✓", color: "red", labelColor: "#333", isError: true, style: .plastic)
        endpoint.logo = "<svg/>"
        endpoint.cacheSeconds = 300
        #expect(try BadgeEndpoint(reading: endpoint.json()) == endpoint)
    }

    @Test(arguments: [
        ("", "it is not a JSON object"), ("[]", "it is not a JSON object"),
        (#"{"label":"a","message":"b"}"#, "schemaVersion must be 1"),
        (#"{"schemaVersion":2,"label":"a","message":"b"}"#, "schemaVersion must be 1"),
        (#"{"schemaVersion":1,"label":"a","message":""}"#, "label and a message that is not empty are needed"),
        (#"{"schemaVersion":1,"message":"b"}"#, "label and a message that is not empty are needed"),
        (#"{"schemaVersion":1,"label":1,"message":"b"}"#, "label must be text"),
        (#"{"schemaVersion":1,"label":"a","message":"b","colour":"red"}"#, "unknown key \"colour\""),
        (#"{"schemaVersion":1,"label":"a","message":"b","color":"x\"/>"}"#, "color is no colour"),
        (#"{"schemaVersion":1,"label":"a","message":"b","isError":"yes"}"#, "isError must be true or false"),
        (
            #"{"schemaVersion":1,"label":"a","message":"b","cacheSeconds":-1}"#,
            "cacheSeconds must be a whole number of 0 or more"
        ),
        (
            #"{"schemaVersion":1,"label":"a","message":"b","namedLogo":"swift"}"#,
            "namedLogo is for shields.io's own pictures; give the SVG as logoSvg"
        ),
    ])
    func `what shields.io would refuse is refused`(json: String, sentence: String) {
        #expect { try BadgeEndpoint(reading: Array(json.utf8)) } throws: { "\($0)" == sentence }
    }

    @Test func `results are said in few words`() {
        let outcomes: [[Outcome]] = [[.passed], [.failed, .passed], [.failed], [.errored], [.skipped]]
        let results = RunResults(
            tests: outcomes.enumerated().map { index, attempts in
                TestRecord(
                    id: TestID("t\(index)"),
                    identity: TestIdentity(suite: SuiteName("unit"), className: "", name: "t\(index)"), container: "t",
                    attempts: attempts.map { Attempt(outcome: $0, duration: .zero) })
            })
        #expect(BadgeFact.status.statement(of: results)?.message == "failing")
        #expect(BadgeFact.tests.statement(of: results)?.message == "2 passed, 2 failed, 1 skipped")
        #expect(BadgeFact.flaky.statement(of: results)?.color == "yellow")
        #expect(BadgeFact.coverage.statement(of: results) == nil)
        #expect(BadgeFact.status.statement(of: RunResults(tests: []))?.message == "no tests")
    }

    @Test(arguments: [
        (0.0, "0%", "red"), (0.8499, "84%", "yellow"), (0.9999, "99%", "brightgreen"), (1, "100%", "brightgreen"),
    ])
    func `coverage is rounded down`(share: Double, message: String, color: String) {
        let statement = BadgeFact.statement(coverage: share)
        #expect(statement.message == message)
        #expect(statement.color == color)
    }
}
