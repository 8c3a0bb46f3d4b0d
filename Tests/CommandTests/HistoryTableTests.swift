import Testing

@testable import dt_ci

@Suite struct HistoryTableTests {
    @Test func `columns are as wide as their widest cell and cells are one safe line`() {
        var table = HistoryTable([.init(title: "N", isNumeric: true), .init(title: "NAME"), .init(title: "END")])
        table.add("1", "ünï", "x")
        table.add("100", "a\n\u{1B}[31mb", "yy")
        let lines = table.text.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0] == "  N  NAME  END")
        #expect(lines[1] == "  1  ünï   x")
        #expect(!table.text.contains("\u{1B}"))
    }

    @Test(arguments: [
        ("plain", "plain"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("=1+1", "'=1+1"), ("-1,2", "\"'-1,2\""),
        ("", ""),
        ("a\r\nb", "\"a\r\nb\""),
    ])
    func `a field is quoted as RFC 4180 wants it and is no formula`(text: String, field: String) {
        #expect(CSVField.quoted(text) == field)
    }
}
