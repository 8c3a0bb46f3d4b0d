import CICore
import Testing

@testable import Reporting

struct AttachmentListTests {
    @Test func `a file that a run has kept is listed once, with its size and a link`() {
        let test = TestRecord(
            id: "s::t", identity: TestIdentity(suite: "s", className: "", name: "t"), container: "c",
            attempts: [Attempt(outcome: .failed)],
            attachments: ["build/.dt-ci/attachments/b0/1-a b.png", "/elsewhere/b.png"])
        var results = RunResults(tests: [test])
        results.artifacts = [
            RunArtifact(name: "a b.png", test: test.id, path: "attachments/b0/1-a b.png", size: 70),
            RunArtifact(name: "another test's", test: "s::u", path: "attachments/b0/2-c.png", size: 70),
        ]
        let lines = AttachmentList(of: test, in: results).lines
        #expect(lines.map(\.text) == ["a b.png", "/elsewhere/b.png"])
        #expect(lines.map { $0.links.map(\.url) } == [["./attachments/b0/1-a b.png"], []])
    }
}
