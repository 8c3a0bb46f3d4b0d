import CICore
import Testing

@testable import Reporting

@Suite
struct TerminalTextTests {
    @Test(arguments: [("", 0), ("abc", 3), ("äöü", 3), ("e\u{301}", 1), ("日本", 4), ("🎉", 2), ("a\u{200b}b", 2)])
    func `columns are counted as a terminal does`(text: String, expected: Int) {
        #expect(TerminalText.columns(text) == expected)
    }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""), ("日本語", 4, "日…"),
    ])
    func `what does not fit is left out at the end`(text: String, width: Int, expected: String) {
        #expect(TerminalText.cut(text, to: width) == expected)
    }

    @Test
    func `the end of a path is kept`() {
        let text = "py::tests/unit/very/deep/test_parser.py::TestLines::test_empty"
        #expect(TerminalText.columns(TerminalText.cutMiddle(text, to: 30)) == 30)
        #expect(TerminalText.cutMiddle(text, to: 30).hasSuffix("::test_empty"))
        #expect(TerminalText.cutMiddle(text, to: 30).hasPrefix("py::"))
    }

    @Test(arguments: [(0, "0:00"), (7, "0:07"), (754, "12:34"), (3723, "1:02:03"), (-5, "0:00")])
    func `clock times keep their width`(seconds: Int, expected: String) {
        #expect(ClockText.text(.seconds(seconds)) == expected)
    }
}
