import CICore
import Testing

@testable import Simulator

struct LogReadingTests {
    private static let escape = "\u{1B}[0K"

    private func read(_ dialect: LogDialect, _ text: String) -> LogReading {
        var reading = LogReading(dialect)
        // In pieces, as a process writes.
        for byte in text.utf8 { _ = reading.add([byte]) }
        _ = reading.finish()
        return reading
    }

    @Test(
        arguments: [
            (LogDialect.gitHubActions, "::group::Tests\none\n::endgroup::\ntwo"),
            (
                .gitLabCI,
                "\(escape)section_start:1750000000:tests[collapsed=true]\r\(escape)Tests\none\n"
                    + "\(escape)section_end:1750000001:tests\r\(escape)\ntwo"
            ),
            (.azurePipelines, "##[group]Tests\none\n##[endgroup]\ntwo\n"),
            (.teamCity, "##teamcity[blockOpened name='Tests']\none\n##teamcity[blockClosed name='Tests']\ntwo"),
            (.travisCI, "travis_fold:start:tests\r\(escape)Tests\none\ntravis_fold:end:tests\r\(escape)\ntwo"),
        ] as [(LogDialect, String)]) func `a fold has a name and an end`(dialect: LogDialect, text: String)
    {
        let lines = read(dialect, text).lines
        #expect(lines.map(\.text) == ["Tests", "one", "two"], "\(dialect.id)")
        #expect(lines.map(\.depth) == [0, 1, 0])
        #expect(lines.map(\.kind) == [.fold, .text, .text])
    }

    @Test func `a log without a dialect is text`() {
        let reading = read(.plain, "::group::a\n##[error]b\n##teamcity[message text='c']\n")
        #expect(reading.lines.map(\.text) == ["::group::a", "##[error]b", "##teamcity[message text='c']"])
        #expect(reading.annotations.isEmpty)
    }

    @Test(
        arguments: [
            (LogDialect.gitHubActions, "::error file=a%2Cb.swift,line=3,title=T%3A x::100%25%0Abroken"),
            (
                .azurePipelines,
                "##vso[task.logissue type=error;sourcepath=a,b.swift;linenumber=3;code=T: x]100%AZP25%0Abroken"
            ),
        ] as [(LogDialect, String)]) func `an annotation's escapes are undone`(dialect: LogDialect, line: String)
    {
        let expected = ShownAnnotation(
            path: "a,b.swift", line: 3, tone: .bad, title: "T: x", message: "100%\nbroken")
        #expect(read(dialect, line).annotations == [expected])
    }

    @Test func `commands are text while they are stopped`() {
        let reading = read(
            .gitHubActions, "::stop-commands::t0k\n::error::no\n::other::\n::t0k::\n::error::yes\n  ::warning::too\n")
        #expect(reading.annotations.map(\.message) == ["yes", "too"])
        #expect(reading.lines.map(\.text) == ["::error::no", "::other::", "yes", "too"])
    }

    @Test func `TeamCity's tests, problems and tags are shown elsewhere`() {
        let reading = read(
            .teamCity,
            """
            ##teamcity[testStarted name='a|'b']
            ##teamcity[testFailed name='a|'b' message='1 |[2|]|nnext |0x00e9' details='']
            ##teamcity[testFinished name='a|'b' duration='12']
            ##teamcity[testFinished name='c']
            ##teamcity[buildProblem description='two failed' identity='x']
            ##teamcity[addBuildTag 'flaky']
            ##teamcity[broken
            ##teamcity[publishArtifacts 'out/** => reports']
            """)
        let tests = reading.exhibit.testRuns.first?.tests ?? []
        #expect(tests.map(\.name) == ["a'b", "c"])
        #expect(tests.map(\.result) == ["failed", "passed"])
        #expect(tests[0].message == "1 [2]\nnext é")
        #expect(tests[0].duration == .milliseconds(12))
        #expect(reading.exhibit.notes.map(\.text) == ["two failed", "flaky"])
        #expect(reading.exhibit.files.map(\.path) == ["out/** => reports"])
        #expect(reading.lines.map(\.text) == ["##teamcity[broken"])
    }

    @Test func `Azure's summaries, tags and artifacts are found within a line`() {
        let reading = read(
            .azurePipelines,
            """
            x ##vso[task.uploadsummary]/tmp/a%3Bb.md
            ##vso[artifact.upload artifactname=junit;containerfolder=c]/tmp/junit.xml
            ##vso[build.addbuildtag]flaky
            ##vso[task.setvariable variable=x;issecret=true]value
            """)
        #expect(reading.summaries == ["/tmp/a;b.md"])
        #expect(reading.exhibit.files.map(\.shelf) == ["Artifact junit"])
        #expect(reading.exhibit.notes.map(\.text) == ["flaky"])
        #expect(reading.lines.isEmpty)
    }

    @Test func `a log without end is bounded`() {
        var reading = LogReading(.gitHubActions)
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 10_000) + [UInt8(ascii: "\n")]
        for _ in 0..<(LogReading.lineLimit + 10) { _ = reading.add(line) }
        for _ in 0..<10 { _ = reading.add(Array("::endgroup::\n".utf8)) }
        #expect(reading.lines.count == LogReading.lineLimit)
        #expect(reading.dropped == 10)
        #expect(reading.lines.allSatisfy { $0.text.utf8.count == LogReading.widthLimit && $0.depth == 0 })
    }
}
