import CICore
import CIProviders
import Testing

struct GitLabReportsTests {
    @Test func `a finding has what GitLab's format asks for`() throws {
        let document = try Self.codeQuality([
            Self.annotation(path: "./Tests/a.py", line: 7, level: .failure, message: "expected 1\ngot 2")
        ])
        let finding = try #require(document.array.first)
        #expect(finding["description"]?.string == "test_a failed: expected 1 got 2")
        #expect(finding["check_name"]?.string == "dt-ci")
        #expect(finding["severity"]?.string == "major")
        #expect(finding["location"]?["path"]?.string == "Tests/a.py")
        #expect(finding["location"]?["lines"]?["begin"]?.int == 7)
        #expect(finding["fingerprint"]?.string?.count == 64)
    }

    @Test(arguments: zip(LineAnnotation.Level.allCases, ["info", "minor", "major"]))
    func `a level has GitLab's word`(level: LineAnnotation.Level, word: String) throws {
        let document = try Self.codeQuality([Self.annotation(level: level)])
        #expect(document.array.first?["severity"]?.string == word)
    }

    @Test func `twins keep fingerprints of their own, the same in every run`() throws {
        let twins = [Self.annotation(line: 1), Self.annotation(line: 2), Self.annotation(line: 3, key: "other")]
        let prints = try Self.codeQuality(twins).array.map { $0["fingerprint"]?.string }
        #expect(Set(prints).count == 3)
        #expect(try Self.codeQuality(twins).array.map { $0["fingerprint"]?.string } == prints)
        #expect(try Self.codeQuality([twins[0]]).array.first?["fingerprint"]?.string == prints[0])
    }

    @Test func `what has no place in the tree is left out`() throws {
        let annotations = [Self.annotation(path: nil), Self.annotation(path: ""), Self.annotation(line: nil)]
        let document = try Self.codeQuality(annotations)
        #expect(document.array.map { $0["location"]?["lines"]?["begin"]?.int } == [1])
        #expect(try Self.codeQuality([]) == .array([]))
    }

    @Test(arguments: HostileText.all)
    func `a long message is cut between two characters`(text: String) throws {
        let document = try Self.codeQuality([Self.annotation(message: HostileText.long(text, scalars: 2_000))])
        let description = try #require(document.array.first?["description"]?.string)
        #expect((900...1_000).contains(description.unicodeScalars.count))
        #expect(description.hasSuffix("…"))
        #expect(("test_a failed: " + HostileText.long(text, scalars: 2_000)).hasPrefix(description.dropLast()))
    }

    @Test func `links stand under their heading, and what leads nowhere is left out`() throws {
        let bytes = GitLabReports.annotations(
            heading: "dt-ci",
            [
                .init(label: "Report", url: "https://ci.example/report.html"),
                .init(label: "Evil", url: "javascript:alert(1)"), .init(label: "File", url: "file:///etc/passwd"),
            ])
        let document = try #require(JSONValue(String(decoding: bytes, as: UTF8.self)))
        let links = try #require(document["dt-ci"]).array
        #expect(links.map { $0["external_link"]?["label"]?.string } == ["Report"])
        #expect(links.map { $0["external_link"]?["url"]?.string } == ["https://ci.example/report.html"])
    }

    private static func codeQuality(_ annotations: [LineAnnotation]) throws -> JSONValue {
        try #require(JSONValue(String(decoding: GitLabReports.codeQuality(annotations), as: UTF8.self)))
    }

    private static func annotation(
        path: String? = "Tests/a.py", line: Int? = 1, level: LineAnnotation.Level = .failure, message: String = "",
        key: String = "a"
    ) -> LineAnnotation {
        LineAnnotation(path: path, line: line, level: level, title: "test_a failed", message: message, key: key)
    }
}
