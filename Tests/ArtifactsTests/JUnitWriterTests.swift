import Artifacts
import CICore
import SystemPackage
import Testing

/// Tests at random, as a run could have left them.
enum RandomTests {
    private static let words = [
        "plain", "a&b", "<tag attr=\"x\">", "]]>", "é😀", "tab\there", "line\nbreak", "cr\r\nlf", "'q'", "a  b", " lead",
        "[[x]]", "::error::", "##vso[x]", "\u{202E}rtl", "-->", "&amp;", "日本語",
    ]

    static func records(_ count: Int, using generator: inout some RandomNumberGenerator) -> [TestRecord] {
        (0..<count).map { index in
            let suite = SuiteName("suite \(Int.random(in: 0..<5, using: &generator)) \(words[index % 5])")
            let name = "\(words.randomElement(using: &generator) ?? "") \(index)"
            let location: CICore.SourceLocation? =
                Bool.random(using: &generator)
                ? .init(file: "a/\(index % 7).py", line: index % 3 == 0 ? nil : index) : nil
            let identity = TestIdentity(
                suite: suite, className: words[index % words.count], name: name, location: location)
            return TestRecord(
                id: TestID(suite: suite, selector: "\(identity.className)::\(name)"), identity: identity,
                container: location?.file ?? identity.className, attempts: attempts(using: &generator))
        }
    }

    private static func attempts(using generator: inout some RandomNumberGenerator) -> [Attempt] {
        func failure() -> Attempt {
            Attempt(
                outcome: Bool.random(using: &generator) ? .failed : .errored, duration: duration(), reason: reason(),
                output: output())
        }
        func duration() -> Duration { .microseconds(Int64.random(in: 0..<5_000_000, using: &generator)) }
        func output() -> String? { Bool.random(using: &generator) ? words.randomElement(using: &generator) : nil }
        func reason() -> Attempt.Reason? {
            let message = words.randomElement(using: &generator) ?? "m"
            let details =
                Bool.random(using: &generator)
                ? nil : "\(message)\ntrace \(words.randomElement(using: &generator) ?? "")"
            return .init(
                type: Bool.random(using: &generator) ? "Type<\(message.count)>" : nil, message: message,
                details: details)
        }
        let failures = (0..<Int.random(in: 0...3, using: &generator)).map { _ in failure() }
        switch Int.random(in: 0..<4, using: &generator) {
        case 0 where failures.isEmpty:
            return [Attempt(outcome: .skipped, duration: duration(), reason: reason(), output: output())]
        case 1 where !failures.isEmpty: return failures
        default: return failures + [Attempt(outcome: .passed, duration: duration(), output: output())]
        }
    }
}

@Suite struct JUnitWriterTests {
    private func written(_ results: RunResults) -> String {
        var bytes: [UInt8] = []
        JUnitWriter(results).write { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: 0..<25)
    func `what is written is read back as it was`(round: Int) throws {
        var generator = SystemRandomNumberGenerator()
        let tests = RandomTests.records(round * 4, using: &generator)
        guard !tests.isEmpty else { return }
        let report = try ReadReport(written(RunResults(tests: tests)))
        #expect(report.outline.warnings == [])
        let bySuite = Dictionary(grouping: tests, by: \.identity.suite)
        let expected = tests.map(\.identity.suite).reduce(into: [SuiteName]()) { if !$0.contains($1) { $0.append($1) } }
            .flatMap { bySuite[$0] ?? [] }
        #expect(report.records == expected)
        #expect(report.totals == Totals(of: tests))
        _ = report.counts
    }

    @Test func `suites are flat and never empty, and their attributes add up`() throws {
        var generator = SystemRandomNumberGenerator()
        let text = written(RunResults(tests: RandomTests.records(60, using: &generator)))
        let suites = text.split(separator: "\n").filter { $0.contains("<testsuite ") }
        #expect(!suites.isEmpty)
        #expect(suites.allSatisfy { !$0.contains(" tests=\"0\"") })
        #expect(text.split(separator: "\n").count { $0.hasPrefix("  </testsuite>") } == suites.count)
        #expect(written(RunResults(tests: [])).contains("<testsuites tests=\"0\" failures=\"0\""))
    }

    private func record(_ attempts: [Attempt], name: String = "t", attachments: [String] = []) -> TestRecord {
        TestRecord(
            id: TestID("s::\(name)"), identity: TestIdentity(suite: "s", className: "c", name: name), container: "c",
            attempts: attempts, attachments: attachments)
    }

    @Test func `the message is repeated in the body`() {
        let text = written(
            RunResults(tests: [
                record([Attempt(outcome: .failed, reason: .init(message: "why", details: "trace"))]),
                record([Attempt(outcome: .errored, reason: .init(message: "only"))], name: "u"),
            ]))
        #expect(text.contains("<failure message=\"why\">why\ntrace</failure>"))
        #expect(text.contains("<error message=\"only\">only</error>"))
    }

    @Test func `characters that XML forbids are replaced and the text stays bounded`() throws {
        let hostile = "a\u{0}\u{1B}[31m\u{8}\u{FFFE}\u{FFFF}]]>\u{7F}" + String(repeating: "漢", count: 200_000)
        let text = written(
            RunResults(tests: [
                record(
                    [Attempt(outcome: .failed, reason: .init(message: hostile, details: hostile), output: hostile)],
                    name: hostile)
            ]))
        #expect(text.utf8.count < 500_000)
        #expect(text.contains("a\u{FFFD}\u{FFFD}[31m\u{FFFD}\u{FFFD}\u{FFFD}]]&gt;\u{FFFD}漢"))
        let report = try ReadReport(text)
        #expect(report.outline.warnings == [])
        #expect(report.counts == [0, 1, 0, 0, 0])
    }

    @Test func `a quarantined failure is written as skipped`() throws {
        var results = RunResults(tests: [record([Attempt(outcome: .failed, reason: .init(message: "known"))])])
        results.verdict = .init(exitCode: .passed, reason: "passed", quarantined: ["s::t"])
        let text = written(results)
        #expect(text.contains("failures=\"0\""))
        #expect(text.contains("<skipped message=\"quarantined, it failed: known\">"))
        #expect(try ReadReport(text).counts == [0, 0, 0, 1, 0])
    }

    @Test func `attachments are written where Jenkins and GitLab look for them`() throws {
        let text = written(
            RunResults(tests: [record([Attempt(outcome: .passed, output: "out")], attachments: ["a/shot.png"])]))
        #expect(text.contains("<system-out>out\n[[ATTACHMENT|a/shot.png]]</system-out>"))
        #expect(try ReadReport(text).records[0].attachments == ["a/shot.png"])
    }

    @Test func `a file appears whole or not at all`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("junit.xml")
        try JUnitWriter(RunResults(tests: [record([Attempt(outcome: .passed)])])).write(to: path)
        #expect(try ReadReport(path).counts == [1, 0, 0, 0, 0])
        #expect(try LocalFileSystem().entries(of: directory.path).map(\.name) == ["junit.xml"])
        #expect(throws: FileError.self) {
            try JUnitWriter(RunResults(tests: [])).write(to: FilePath("/nonexistent/junit.xml"))
        }
        do {
            let file = try AtomicFile(path)
            try file.append(Array("half".utf8))
        }
        #expect(try ReadReport(path).counts == [1, 0, 0, 0, 0])
        #expect(try LocalFileSystem().entries(of: directory.path).map(\.name) == ["junit.xml"])
    }
}
