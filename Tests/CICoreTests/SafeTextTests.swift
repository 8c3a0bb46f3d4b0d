import CICore
import Testing

@Suite struct SafeTextTests {
    @Test(arguments: [
        ("plain", "plain"),
        ("\u{1B}[31mred\u{1B}[0m", "red"),
        ("\u{1B}]0;title\u{07}after", "after"),
        ("\u{1B}]8;;http://x\u{1B}\\link", "link"),
        ("a\u{0}b\u{7}c\u{7F}d\u{9B}e", "abcde"),
        ("one\ntwo\r\nthree\rfour\tfive", "one two three four five"),
        ("::error::x", ": :error::x"),
        ("  ::set-output name=a::b", "  : :set-output name=a::b"),
        ("\u{3000}::stop", "\u{3000}: :stop"),
        (":\u{1B}[0m:warning", ": :warning"),
        (":::x", ": : :x"),
        ("a::b", "a::b"),
        ("x ##vso[task.setvariable]y", "x # #vso[task.setvariable]y"),
        ("##[error]boom", "# #[error]boom"),
        ("##teamcity[testFailed]", "# #teamcity[testFailed]"),
        ("#\u{1B}[0m#vso[x]", "# #vso[x]"),
        ("# heading ## [x]", "# heading ## [x]"),
        ("user\u{202E}txt.exe", "usertxt.exe"),
        ("é ✓ 😀", "é ✓ 😀"),
        ("\u{1B}", ""),
        ("\u{1B}[", ""),
    ])
    func `a line holds nothing that a terminal or a CI service acts on`(text: String, expected: String) {
        #expect(SafeText.line(text) == expected)
    }

    @Test func `a block keeps its lines and breaks up commands in each of them`() {
        #expect(SafeText.block("a\n::error::b\r\n\tc\n##vso[d]") == "a\n: :error::b\n\tc\n# #vso[d]")
    }

    @Test func `a cut falls between characters`() {
        let family = "👨‍👩‍👧‍👦"
        #expect(SafeText.line("ab\(family)", limit: 10) == "ab…")
        #expect(SafeText.line("ab\(family)", limit: 2 + family.utf8.count) == "ab\(family)")
        #expect(SafeText.line("aé", limit: 2) == "a…")
        #expect(SafeText.line("e\u{301}e\u{301}", limit: 4) == "e\u{301}…")
    }

    @Test func `a long block keeps its start and its end`() throws {
        let text = String(repeating: "a", count: 5_000) + String(repeating: "é", count: 5_000)
        let block = SafeText.block(text, limit: 1_001)
        #expect(block.hasPrefix("aaaa"))
        #expect(block.hasSuffix("éééé"))
        #expect(block.contains("bytes left out"))
        #expect(block.utf8.count < 1_100)
    }

    @Test(
        arguments: [
            ([0x61, 0xFF, 0x62], "a\u{FFFD}b"),
            ([0xC3], "\u{FFFD}"),
            ([0xE2, 0x82], "\u{FFFD}\u{FFFD}"),
            ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
            ([0xC0, 0x80], "\u{FFFD}\u{FFFD}"),
            ([0x09, 0x61], "\ta"),
        ] as [([UInt8], String)])
    func `illegal bytes of a line become replacement characters`(bytes: [UInt8], expected: String) {
        var output: [UInt8] = Array("> ".utf8)
        bytes.withUnsafeBufferPointer { SafeText.append(line: $0, to: &output) }
        #expect(String(decoding: output, as: UTF8.self) == "> \(expected)")
    }

    @Test func `no bytes at all crash it or let an escape through`() {
        var generator = SystemRandomNumberGenerator()
        let alphabet: [UInt8] = [0x1B, 0x5B, 0x23, 0x3A, 0x0A, 0x0D, 0x00, 0x9B, 0xC2, 0xE2, 0x80, 0x20, 0x61, 0xF0]
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? 0
            }
            let block = SafeText.block(String(decoding: bytes, as: UTF8.self))
            #expect(!block.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" })
            #expect(!block.contains("##["))
            #expect(!block.split(separator: "\n").contains { $0.drop(while: \.isWhitespace).hasPrefix("::") })
        }
    }
}
