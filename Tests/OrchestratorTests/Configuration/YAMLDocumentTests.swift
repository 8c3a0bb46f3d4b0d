import Testing

@testable import Orchestrator

@Suite struct YAMLDocumentTests {
    private func issues(_ bytes: [UInt8]) -> [String] {
        do {
            _ = try YAMLDocument.root(of: bytes, source: "f.yml")
            return []
        } catch {
            return error.issues.map(\.description)
        }
    }

    @Test(arguments: [
        ([0xff, 0xfe, 0x61, 0x00], "f.yml: the file is UTF-16; expected UTF-8"),
        (Array("a: 1\nb: \u{0}".utf8), "f.yml:2:4: a NUL byte; expected text"),
        (Array("ä: 1\nä: ".utf8) + [0xff], "f.yml:2:4: a byte that is not UTF-8; expected UTF-8 text"),
        (Array("a:\n\tb: 1\n".utf8), "f.yml:2:1: a tab in the indentation; expected spaces"),
        (Array("a: 1\na: 2\n".utf8), "f.yml:1:1: \"a\" is given more than once"),
        (Array("a: 1\n---\nb: 2\n".utf8), "f.yml:2:1: a second document; expected only one"),
        (
            Array("a: [*_test.py]\n".utf8),
            "f.yml:1:5: a plain value cannot begin with *; expected quotes around it, such as \"*.py\""
        ),
        (
            Array("a: *.py\n".utf8),
            "f.yml:1:4: a plain value cannot begin with *; expected quotes around it, such as \"*.py\""
        ),
    ])
    func `what is not plain YAML is told in plain words`(bytes: [UInt8], message: String) {
        #expect(issues(bytes) == [message])
    }

    @Test(arguments: [
        "a: [1, 2\n", "a: 'x\n", "}\n", "a: b: c\n", "- a\nb\n", "%YAML 9\n", "a: \"\\ud800\"\n", "? \n? \n", "\u{1}",
    ])
    func `broken YAML is one issue and never a crash`(text: String) {
        #expect(issues(Array(text.utf8)).count == 1)
    }

    @Test func `every prefix and every single broken byte of a file ends in a value or an issue`() {
        let bytes = Array("version: 1\nsuites:\n  - &a {name: \"x\", env: {A: ''}}\n  - <<: *a\n".utf8)
        for end in bytes.indices {
            #expect(issues(Array(bytes[..<end])).count <= 1)
            for replacement: UInt8 in [0, 9, 0x2a, 0x3a, 0x7b, 0xc3] {
                var broken = bytes
                broken[end] = replacement
                #expect(issues(broken).count <= 1)
            }
        }
    }

    @Test func `an alias bomb is refused before it is expanded`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        text += "? *a12\n: x\n"
        #expect(
            issues(Array(text.utf8)) == [
                "f.yml: 109 aliases of 13 anchors could grow without end; expected fewer anchors, or the values written out"
            ])
    }

    @Test func `a bomb of two aliases a level is refused too`() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        #expect(issues(Array(text.utf8)).count == 1)
    }

    @Test func `one anchor used by many suites is fine`() {
        let uses = (0..<500).map { "s\($0): *env\n" }.joined()
        #expect(issues(Array("env: &env {A: 1}\n\(uses)".utf8)).isEmpty)
    }

    @Test func `brackets nested without end are refused`() {
        #expect(issues(Array(repeating: UInt8(ascii: "["), count: 200_000)).count == 1)
    }
}
