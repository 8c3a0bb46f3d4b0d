import Artifacts
import CICore
import SystemPackage
import Testing

@Suite struct HostileReportTests {
    private let open = "<testsuites><testsuite name='s'>"
    private let close = "</testsuite></testsuites>"

    @Test func `a truncated file keeps what was complete, counts the half case as errored and says so`() throws {
        let report = try ReadReport(open + "<testcase name='a'/><testcase name='b' time='1'><failure message='m'>tra")
        #expect(report.counts == [1, 0, 1, 0, 0])
        #expect(report.tests[1].attempts[0].reason?.message == "the report breaks off within this test")
        #expect(report.outline.warnings.count == 1)
        #expect(report.outline.warnings[0].hasPrefix("truncated"))
    }

    @Test func `several documents in one file are all read`() throws {
        let report = try ReadReport(
            "<?xml version='1.0'?>\(open)<testcase name='a'/>\(close)\n\n<?xml version='1.0' encoding='utf-8'?>\n"
                + "<!-- next --><testsuite name='t'><testcase name='b'/></testsuite><testsuite name='u'><testcase name='c'/></testsuite>"
        )
        #expect(report.names == ["a", "b", "c"])
        #expect(report.outline.warnings == [])
        #expect(report.counts == [3, 0, 0, 0, 0])
    }

    @Test(arguments: [
        "\n\n  ", "[INFO] running <tests> & more\n<notxml\n", "+ cat report.xml\r\n", "a < b\n<!-- c -->", "\u{FEFF}\n",
        "<!DOCTYPE testsuites>", "<!DOCTYPE testsuites [<!ELEMENT a (b|c)> <!-- > ]> --> <!ENTITY x \"]>\">]>",
    ])
    func `whatever stands before the report is passed over`(noise: String) throws {
        for declaration in ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", ""] {
            let report = try ReadReport(noise + declaration + open + "<testcase name='a'/>" + close)
            #expect(report.counts == [1, 0, 0, 0, 0])
        }
    }

    @Test(arguments: [
        ("<suites><result/></suites>", "<suites>"), ("<project><modelVersion/></project>", "<project>"),
        ("<!DOCTYPE html><html></html>", "<html>"), ("<?xml version='1.0'?>", "no element"),
    ])
    func `XML of another kind is refused by the name of its root`(text: String, word: String) throws {
        let error = #expect(throws: ReportError.self) { try ReadReport(text) }
        #expect(error?.code == .notAReport)
        #expect(error?.description.contains(word) == true)
    }

    @Test(arguments: ["", " \n\t", "hello", "{\"a\":1}", "GIF89a", "1,2,3\n"])
    func `what is no report at all is refused`(text: String) throws {
        let error = #expect(throws: ReportError.self) { try ReadReport(text) }
        #expect(error?.code == (text.allSatisfy(\.isWhitespace) ? .empty : .notAReport))
    }

    @Test func `a file that is not there or is a directory is unreadable`() {
        for path in ["/nonexistent/x.xml", "/tmp"] {
            let error = #expect(throws: ReportError.self) { try ReportReader().count(FilePath(path)) }
            #expect(error?.code == .unreadable)
        }
    }

    // MARK: - Bytes

    @Test func `UTF-16 either way, with and without byte order mark, is read`() throws {
        let text = open + "<testcase name='é😀'/>" + close
        for isLittleEndian in [true, false] {
            let units = text.utf16.flatMap { unit -> [UInt8] in
                let pair = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
                return isLittleEndian ? pair : pair.reversed()
            }
            let mark: [UInt8] = isLittleEndian ? [0xFF, 0xFE] : [0xFE, 0xFF]
            for prefix in [mark, []] {
                #expect(try ReadReport(bytes: prefix + units).names == ["é😀"])
            }
        }
    }

    @Test func `ISO-8859-1 is read as declared, and bytes of Windows-1252 under the label UTF-8 too`() throws {
        let start = Array((open + "<testcase name='caf").utf8)
        let end = Array(("'/>" + close).utf8)
        let labelled = Array("<?xml version='1.0' encoding='ISO-8859-1'?>".utf8) + start + [0xE9] + end
        #expect(try ReadReport(bytes: labelled).names == ["café"])
        let lying = Array("<?xml version='1.0' encoding='UTF-8'?>".utf8) + start + [0xE9, 0x93] + end
        let report = try ReadReport(bytes: lying)
        #expect(report.names == ["café“"])
        #expect(report.outline.warnings == ["bytes that are not UTF-8 were read as Windows-1252"])
    }

    @Test func `a byte order mark, NULs, escapes and other control characters do no harm`() throws {
        let name = Array("a\u{1B}[31mb\u{1B}[0m\u{1}\u{8}c".utf8) + [0] + Array("d".utf8)
        let bytes =
            [0xEF, 0xBB, 0xBF] + Array((open + "<testcase name='").utf8) + name
            + Array(("'><failure>x\u{0}y\u{7}z]]>&#27;&#0;</failure></testcase>" + close).utf8)
        let report = try ReadReport(bytes: bytes)
        #expect(report.names == ["abcd"])
        #expect(report.tests[0].attempts[0].reason?.details?.hasPrefix("xyz]]>") == true)
    }

    @Test func `characters that straddle the pieces of a large file stay whole`() throws {
        let unit = "é😀漢\u{1B}[1m"
        let cases = (0..<9_000).map { "<testcase name='\(unit)\($0)'><system-out>\(unit)</system-out></testcase>" }
            .joined()
        let report = try ReadReport("x" + open + cases + close)
        #expect(report.names.count == 9_000)
        #expect(report.names.allSatisfy { $0.hasPrefix("é😀漢") && !$0.contains("\u{1B}") })
        #expect(report.names.last == "é😀漢8999")
    }

    // MARK: - Entities

    @Test func `entities of XML in attributes and text come out as they are meant`() throws {
        let report = try ReadReport(
            open
                + "<testcase name='a&amp;b &lt;&gt;&quot;&apos; &#233;&#x1F600;&amp;amp;'><failure>&lt;&amp;&#10;</failure></testcase>"
                + close)
        #expect(report.names == ["a&b <>\"' é😀&amp;"])
        #expect(report.tests[0].attempts[0].reason?.details == "<&\n")
    }

    @Test func `external entities and entity bombs are never resolved`() throws {
        let secret = try TemporaryDirectory()
        try LocalFileSystem().write(Array("SECRET".utf8), to: secret.path.appending("s"))
        let bomb = (1..<30).map { "<!ENTITY e\($0) \"&e\($0 - 1);&e\($0 - 1);\">" }.joined()
        let report = try ReadReport(
            "<?xml version='1.0'?><!DOCTYPE t [<!ENTITY x SYSTEM 'file://\(secret.path.appending("s"))'><!ENTITY e0 'lol'>\(bomb)"
                + "<!ENTITY % p SYSTEM 'file:///nonexistent.dtd'> %p;]>"
                + open + "<testcase name='a'><failure>&x;&e29;end</failure></testcase><testcase name='b&x;&e29;'/>"
                + close)
        #expect(report.tests.count == 2)
        #expect(!"\(report.tests)".contains("SECRET"))
        #expect("\(report.tests)".utf8.count < 4_000)
        #expect(report.outline.warnings.contains { $0.contains("DOCTYPE") })
    }

    // MARK: - Size

    @Test func `nesting is bounded`() throws {
        let report = try ReadReport(
            open + "<testcase name='a'/>" + String(repeating: "<testsuite name='n'>", count: 100_000))
        #expect(report.tests.count == 1)
        #expect(report.outline.warnings.contains { $0.contains("nested deeper") })
    }

    @Test func `an attribute of 30 MB is read and its ends are kept`() throws {
        let long = String(repeating: "x", count: 30 << 20)
        let report = try ReadReport(
            open
                + "<testcase name='\(long)1'><failure message='<start \(long)end'/></testcase><testcase name='\(long)2'/>"
                .replacing("<start", with: "&lt;start") + close)
        #expect(report.counts == [1, 1, 0, 0, 0])
        #expect(report.tests.allSatisfy { $0.name.utf8.count <= 4_200 })
        #expect(Set(report.names).count == 2)
        let message = try #require(report.tests[0].attempts[0].reason?.message)
        #expect(message.hasPrefix("<start"))
        #expect(message.hasSuffix("end"))
        #expect(message.utf8.count < 70_000)
    }

    @Test func `a CDATA section of 30 MB is read in one pass, also with brackets at every cut`() throws {
        for filler in ["some output\n", "]]] ]] > ]]"] {
            let long = String(repeating: filler, count: (30 << 20) / filler.utf8.count)
            let report = try ReadReport(
                open + "<testcase name='a'><system-out><![CDATA[<start>\(long)<end>]]]]></system-out></testcase>"
                    + "<testcase name='b'><failure><![CDATA[&<>]]]]><![CDATA[>]]></failure></testcase>" + close)
            #expect(report.names == ["a", "b"])
            let output = try #require(report.tests[0].attempts[0].output)
            #expect(output.hasPrefix("<start>"))
            #expect(output.hasSuffix("<end>]]"))
            #expect(output.utf8.count < 70_000)
            #expect(report.tests[1].attempts[0].reason?.details == "&<>]]>")
            #expect(report.outline.warnings == [])
        }
    }

    @Test func `bytes at random are refused or read, never a crash`() throws {
        var generator = SystemRandomNumberGenerator()
        let heads = [
            "", "<testsuite>", "TAP version 13\n", "{\"Action\":\"run\",", "<assemblies>", "<?xml", "<![CDATA[",
        ]
        for index in 0..<150 {
            let noise = (0..<Int.random(in: 0..<600, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            try ReportFixture.with(Array(heads[index % heads.count].utf8) + noise) { path in
                // Refusing is as good as reading.
                if let report = try? ReadReport(path) { _ = report.counts }
            }
        }
    }
}
