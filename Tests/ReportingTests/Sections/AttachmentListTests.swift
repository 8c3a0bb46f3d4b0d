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

    @Test(
        arguments: [
            ("/tmp/x", "/tmp/x/shots", "/tmp/x/shots", nil), ("s3://b/p", "s3://b/p/shots/", "s3://b/p/shots/", nil),
            ("GitHub artifacts", "https://h/1", "GitHub artifacts", "https://h/1"), ("s3://b", nil, "s3://b", nil),
        ] as [(String, String?, String, String?)])
    func `a place that its address names is shown once`(title: String, url: String?, shown: String, link: String?) {
        let artifact = RunArtifact(name: "shots", size: 5, places: [.init(title: title, url: url)])
        #expect(AttachmentList.line(of: artifact).links == [ReportPart.Link(title: shown, url: link)])
    }
}
