import Foundation
import Testing

/// Files of badges, one a line.
@Suite struct BadgeBatchTests {
    private let home: TemporaryDirectory

    init() throws { home = try TemporaryDirectory() }

    private func badge(_ arguments: String...) async throws -> DTCIBinary.Output {
        try await DTCIBinary(in: home.url).run(["badge"] + arguments)
    }

    private func line(_ message: String, _ more: String = "") -> String {
        #"{"schemaVersion":1,"label":"tests","message":"\#(message)"\#(more)}"# + "\n"
    }

    @Test func `each line is drawn as alone, in order, over many blocks`() async throws {
        let count = 30_000
        try home.write((0..<count).map { line("\($0) passed") }.joined(), to: "all.jsonl")
        let output = try await badge("--from", "all.jsonl", "--style", "flat-square", "--color", "blue")
        #expect(output.exitCode == 0)
        #expect(output.lines.count == count)
        for index in [0, 1, 4999, 17_321, count - 1] {
            let alone = try await badge(
                "--label", "tests", "--message", "\(index) passed", "--style", "flat-square", "--color", "blue")
            #expect(output.lines[index] + "\n" == alone.standardOutput)
        }
    }

    @Test func `a directory gets a file for each, by its name or its line`() async throws {
        try home.write(line("a") + "\n  \r\n" + line("b", #","file":"b.svg""#) + line("ü"), to: "x.ndjson")
        let output = try await badge("--from", "x.ndjson", "--output", "out/deep")
        #expect(output.exitCode == 0, "\(output)")
        #expect(output.standardError.contains("3 badges written to out/deep"))
        #expect(try home.text("out/deep/1.svg").contains("<title>tests: a</title>"))
        #expect(try home.text("out/deep/b.svg").contains("<title>tests: b</title>"))
        #expect(try home.text("out/deep/5.svg").contains("<title>tests: ü</title>"))
    }

    @Test(arguments: [
        (#"{"schemaVersion":1,"label":"a"}"#, "x.jsonl:3: no endpoint badge: label and a message that is not empty"),
        ("nonsense", "x.jsonl:3: no endpoint badge: it is not a JSON object"),
        (#"{"schemaVersion":1,"label":"a","message":"b","logoSvg":"<html/>"}"#, "logoSvg cannot be a logo"),
    ])
    func `the first line that is no badge ends it with its number`(bad: String, sentence: String) async throws {
        try home.write(line("a") + "\n" + bad + "\n" + line("b"), to: "x.jsonl")
        let output = try await badge("--from", "x.jsonl")
        #expect(output.exitCode == 2)
        #expect(output.standardError.contains(sentence), "\(output.standardError)")
        #expect(output.lines.count == 1)
    }

    @Test(arguments: ["../evil.svg", "/evil.svg", ".hidden", "", "a b.svg"])
    func `a name that is none for a file is refused`(name: String) async throws {
        try home.write(line("a", #","file":"\#(name)""#), to: "x.jsonl")
        let output = try await badge("--from", "x.jsonl", "--output", "out")
        #expect(output.exitCode == 2)
        #expect(output.standardError.contains("x.jsonl:1: "), "\(output.standardError)")
        #expect(!home.exists("evil.svg"))
    }

    @Test func `an endless line is an error and no end of memory`() async throws {
        try home.write(String(repeating: "x", count: 2 << 20), to: "x.jsonl")
        let output = try await badge("--from", "x.jsonl")
        #expect(output.exitCode == 2)
        #expect(output.standardError.contains("a line is longer than 256 KiB"), "\(output.standardError)")
    }

    @Test(arguments: [(["--json"], "are for one badge"), (["--place", "branch"], "are for one badge")])
    func `what a file of badges cannot take is said`(arguments: [String], sentence: String) async throws {
        let output = try await DTCIBinary(in: home.url).run(["badge", "--from", "x.jsonl"] + arguments)
        #expect(output.exitCode == 2)
        #expect(output.standardError.contains(sentence), "\(output.standardError)")
    }

    @Test func `no lines are no badges`() async throws {
        try home.write("", to: "x.jsonl")
        let output = try await badge("--from", "x.jsonl")
        #expect(output.exitCode == 0)
        #expect(output.standardOutput.isEmpty)
    }
}
