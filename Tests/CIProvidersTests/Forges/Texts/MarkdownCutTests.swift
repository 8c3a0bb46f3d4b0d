import Testing

@testable import CIProviders

@Suite struct MarkdownCutTests {
    @Test func `a text within the limits stays as it is`() {
        #expect(MarkdownCut.head("a\n```\nb", scalars: 7, bytes: 7) == "a\n```\nb")
    }

    @Test(arguments: 40...400)
    func `what stays is whole at every limit`(limit: Int) {
        let text = """
            <!-- mark -->
            ## failed 👨‍👩‍👧‍👦
            <details><summary>one</summary>

            ````text
            ``` not the end, nor is </details>
            בדיקה נכשלה
            ````
            <details><summary>two</summary>

            ~~~
            inside
            ~~~
            </details>
            </details>
            | a | b |
            the last line is long enough that there is always something to cut, whatever the limit
            """
        let cut = MarkdownCut.head(text, scalars: limit, bytes: limit)
        #expect(cut.utf8.count <= limit || text.utf8.count <= limit)
        #expect(cut.unicodeScalars.filter { $0 == "\u{FFFD}" }.isEmpty)
        let outside = cut.split(separator: "````")
        #expect(outside.count != 2, "a fence is open: \(cut)")
        let kept = cut.replacing("``` not the end, nor is </details>", with: "")
        #expect(kept.ranges(of: "<details").count == kept.ranges(of: "</details").count)
    }

    @Test func `one long line keeps its start`() {
        let cut = MarkdownCut.head(String(repeating: "é", count: 100), scalars: 50, bytes: 1_000)
        #expect(cut.hasPrefix("éééé"))
        #expect(cut.unicodeScalars.count <= 50)
    }
}

@Suite struct SummaryTextTests {
    @Test(arguments: [
        ("plain", 140, "plain"), ("12345", 5, "12345"), ("123456", 5, "1234…"), ("ab👨‍👩‍👧‍👦", 8, "ab…"),
        ("ab👨‍👩‍👧‍👦", 9, "ab👨‍👩‍👧‍👦"), ("two\nlines", 140, "two lines"), ("", 10, ""),
    ])
    func `a line keeps whole characters`(text: String, limit: Int, expected: String) {
        #expect(SummaryText.line(text, scalars: limit) == expected)
    }

    @Test(
        arguments: [
            ("https://ci.example/1", "https://ci.example/1"), ("http://u:p@ci.example/1", "http://ci.example/1"),
            ("javascript:alert(1)", nil), ("file:///etc/passwd", nil), ("", nil), (nil, nil),
        ] as [(String?, String?)])
    func `a link is one that a browser may follow`(url: String?, expected: String?) {
        #expect(SummaryText.link(url) == expected)
    }
}
