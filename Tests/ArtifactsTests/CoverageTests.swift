import CICore
import SystemPackage
import Testing

@testable import Artifacts

@Suite struct CoverageTests {
    static let reports: [(name: String, text: String, coverage: Coverage)] = [
        (
            "Cobertura's totals",
            """
            <?xml version="1.0"?><!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
            <coverage line-rate="0.5" lines-covered="30" lines-valid="60"><packages/></coverage>
            """, Coverage(covered: 30, total: 60)
        ),
        (
            "Cobertura's lines",
            """
            <coverage line-rate="0.5"><packages><package><classes><class><methods><method><lines>
            <line number="1" hits="1"/></lines></method></methods><lines><line number="1" hits="1"/>
            <line number="2" hits="0"/><line number="3" hits="12"/></lines></class></classes></package></packages></coverage>
            """, Coverage(covered: 2, total: 3)
        ),
        (
            "JaCoCo's counters",
            """
            <report name="app"><package name="a"><counter type="LINE" missed="9" covered="9"/></package>
            <counter type="INSTRUCTION" missed="1" covered="2"/><counter type="LINE" missed="1" covered="3"/></report>
            """, Coverage(covered: 3, total: 4)
        ),
        (
            "LCOV",
            "TN:a\nSF:/a.c\nDA:1,1\nDA:2,0\nLF:2\nLH:1\nend_of_record\nTN:b\nSF:/a.c\nDA:2,5\nDA:3,0,x\nend_of_record\n",
            Coverage(covered: 2, total: 3)
        ),
        ("LCOV without lines", "SF:a\r\nLF:10\r\nLH:4\r\nend_of_record\r\n", Coverage(covered: 4, total: 10)),
        (
            "llvm-cov's export",
            #"{"data":[{"files":[{"x":"}]"}],"totals":{"lines":{"count":10,"covered":7,"percent":70}}}],"type":"x"}"#,
            Coverage(covered: 7, total: 10)
        ),
        (
            "Go's profile", "mode: set\na/b.go:1.2,3.4 2 1\na/b.go:5.2,6.4 3 0\na/b.go:5.2,6.4 3 0\n",
            Coverage(covered: 2, total: 5)
        ),
    ]

    @Test(arguments: reports)
    func `a coverage report is read`(case row: (name: String, text: String, coverage: Coverage)) throws {
        try #expect(read(row.text) == row.coverage, "\(row.name)")
    }

    @Test(arguments: [
        "", "hello", "<html/>", "{}", "[1]", "SF:a\nend_of_record\n",
        "<coverage lines-valid=\"0\" lines-covered=\"0\"/>",
        "{\"data\":[{\"totals\":{}}]}", "mode: set\n", "<coverage><line hits=\"x\"/>", "\u{0}\u{1}",
    ])
    func `what tells no coverage is refused`(text: String) {
        #expect(throws: ReportError.self) { try read(text) }
    }

    private func read(_ text: String) throws -> Coverage {
        try ReportFixture.with(text) { try Coverage(reading: $0) }
    }
}
