import CICore
import Reporting
import Testing

struct CheckupTests {
    private static let checkup = Checkup(
        sections: [
            .init(
                "Build",
                [
                    Finding(.ok, "commit", "1a2b3c4"), Finding(.note, "pull request", "12", advice: "look"),
                ]),
            .init(
                "Runners",
                [
                    Finding(.problem, "unit", "slow", advice: "install a faster one"),
                    Finding(.problem, "slow", "slower", advice: "install a faster one"),
                    Finding(.broken(.collectionFailed), "e2e", "missing"),
                ]),
        ], duration: .milliseconds(1200))

    @Test func `findings are aligned, marked, and followed by what to do, which is said once`() {
        #expect(
            CheckupText(Self.checkup, isColored: false).text == """
                Build
                  ✔ commit        1a2b3c4
                  · pull request  12
                                  → look

                Runners
                  ! unit  slow
                          → install a faster one
                  ! slow  slower
                  ✘ e2e   missing

                ✘ dt-ci run would not work: 1 thing to mend first, and 1 problem more (1.20 s)
                  exit code 3: build or collection error

                """)
    }

    @Test func `quiet shows what is to be mended, and nothing where nothing is`() {
        let text = CheckupText(Self.checkup, isColored: false, isQuiet: true).text
        #expect(!text.contains("Build") && text.contains("! unit  slow"))
        let well = Checkup(sections: [.init("Build", [Finding(.note, "a", "b")])])
        #expect(CheckupText(well, isColored: true, isQuiet: true).text.isEmpty)
        #expect(CheckupText(well, isColored: false).text.contains("✔ dt-ci run would work (0.0 ms)"))
    }

    @Test func `colours are there where they are wanted`() {
        #expect(CheckupText(Self.checkup, isColored: true).text.contains("\u{1B}[33m!\u{1B}[0m"))
        #expect(!CheckupText(Self.checkup, isColored: false).text.contains("\u{1B}"))
    }

    @Test(
        arguments: [
            ([], ExitCode.passed), ([.problem, .note, .ok], .passed),
            ([.broken(.collectionFailed), .broken(.infrastructure)], .infrastructure),
            ([.broken(.infrastructure), .broken(.usage)], .usage), ([.broken(.collectionFailed)], .collectionFailed),
        ] as [([Finding.Level], ExitCode)])
    func `the exit code is that of the worst`(levels: [Finding.Level], code: ExitCode) {
        let checkup = Checkup(sections: levels.map { .init("a", [Finding($0, "a", "b")]) })
        #expect(checkup.exitCode == code)
    }

    @Test func `the document says the same for programs`() throws {
        let document = try #require(JSONValue(CheckupV1.json(Self.checkup)))
        #expect(document["schema"]?.string == "dt-ci/doctor/v1")
        #expect(document["works"]?.bool == false && document["exitCode"]?.int == 3)
        let findings = document["sections"]?.array.flatMap { $0["findings"]?.array ?? [] } ?? []
        #expect(findings.map { $0["level"]?.string } == ["ok", "note", "problem", "problem", "broken"])
        #expect(findings[1]["advice"]?.string == "look" && findings[0]["advice"]?.string == nil)
    }

    @Test func `what others say acts on no terminal and no log, and holds no secret`() {
        let finding = Finding(
            .problem, "to\u{1B}[31mol", "##vso[task.complete]\n::error::hunter22-token", advice: "ask hunter22-token")
        let checkup = Checkup(sections: [.init("a", [finding])]).masking([Secret("hunter22-token"), Secret("a")])
        for text in [CheckupText(checkup, isColored: false).text, CheckupV1.json(checkup)] {
            #expect(!text.contains("##vso[") && !text.contains("\u{1B}") && !text.contains("hunter22"))
            #expect(text.contains("•••") && text.contains("ask"))
        }
    }
}
