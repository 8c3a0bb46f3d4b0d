import Testing

@testable import TestHistory

@Suite struct JSONSyntaxTests {
    @Test(arguments: [
        "{}", "[]", " [1, -2.5e3, \"a\\\"b\", true, false, null, {\"k\": [{}]}] ", "1", "\"x\"", "{\"a\":{},\"b\":[]}",
    ])
    func `valid JSON has no error`(text: String) {
        #expect(JSONSyntax.firstError(in: Array(text.utf8)) == nil)
        #expect(JSONSyntax.problem(in: Array(text.utf8)) == nil)
    }

    @Test(arguments: [
        ("", 1, 1), ("{", 1, 2), ("[1,", 1, 4), ("[1 2]", 1, 4), ("{\"a\" 1}", 1, 6), ("{\"a\":1,}", 1, 8),
        ("nul", 1, 1),
        ("[\n1,\n x]", 3, 2), ("{}}", 1, 3), ("[1]]", 1, 4), ("\"abc", 1, 5), ("\"a\nb\"", 1, 3), ("[}", 1, 2),
        ("\"\\", 1, 3),
    ])
    func `the first error is found where it is`(text: String, line: Int, column: Int) {
        #expect(JSONSyntax.firstError(in: Array(text.utf8)) == JSONSyntax.Position(line: line, column: column))
    }

    @Test func `a million brackets overflow nothing`() {
        let bytes = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(JSONSyntax.firstError(in: bytes) == JSONSyntax.Position(line: 1, column: 1_000_001))
    }
}
