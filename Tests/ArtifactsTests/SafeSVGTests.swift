import Testing

@testable import Artifacts

@Suite struct SafeSVGTests {
    @Test func `shapes are kept`() throws {
        let svg = try SafeSVG(
            Array(
                """
                <?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/x.dtd">
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 24"><defs><linearGradient id="g"/></defs>\
                <path d="M0 0h1" fill="url(#g)" style="opacity:.5"/></svg>
                """.utf8))
        let text = String(decoding: svg.bytes, as: UTF8.self)
        #expect(text.contains(#"<path d="M0 0h1" fill="url(#g)" style="opacity:.5"></path>"#))
        #expect(svg.aspect == 2)
    }

    @Test(arguments: [
        "<script>alert(1)</script>", "<path onload=\"alert(1)\" d=\"M0 0\"/>",
        "<image href=\"https://e.example/x.png\"/>",
        "<use href=\"https://e.example/x.svg#a\"/>", "<style>@import url(https://e.example)</style>",
        "<a href=\"javascript:alert(1)\"><path/></a>", "<foreignObject><body/></foreignObject>",
        "<path style=\"fill:u\\72l(https://e.example)\"/>", "<path fill=\"url( 'https://e.example' )\"/>",
        "<animate attributeName=\"href\" to=\"https://e.example\"/>", "<path xlink:href=\"https://e.example\"/>",
        "<set attributeName=\"onload\" to=\"alert(1)\"/>",
    ])
    func `what would run or be fetched is left out`(part: String) throws {
        let svg = try SafeSVG(
            Array("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"x\">\(part)</svg>".utf8))
        let text = String(decoding: svg.bytes, as: UTF8.self)
        #expect(!text.contains("example"))
        #expect(!text.contains("alert"))
    }

    @Test(arguments: [
        ("", "it is not well-formed XML"), ("<html/>", "its root element is not <svg>"),
        ("<svg>", "it is not well-formed XML"),
        (
            "<!DOCTYPE svg [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><svg><title>&b;</title></svg>",
            "it declares entities"
        ),
        ("<svg>" + String(repeating: " ", count: 70_000) + "</svg>", "it is larger than 64 KiB"),
    ])
    func `what is no picture is refused`(document: String, sentence: String) {
        #expect { try SafeSVG(Array(document.utf8)) } throws: { "\($0)" == sentence }
    }
}
