import Foundation
import Testing

/// The report page in a real browser.
struct PageBrowserTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        let cases = (0..<2500).map { index in
            let body =
                index % 500 == 7 ? "<failure message='&lt;script&gt;alert(1)&lt;/script&gt;'>trace</failure>" : ""
            return
                "<testcase classname='pkg.Class\(index / 100)' name='test_\(index)' time='0.\(index)'>\(body)</testcase>"
        }
        try directory.write("<testsuite name='unit'>\(cases.joined())</testsuite>", to: "junit.xml")
    }

    /// Opens a page with a script at its end that leaves what it found in the title, and gives that back.
    private func probe(_ script: String) async throws -> [String: Any] {
        let binary = DTCIBinary(in: directory.url)
        let rendered = try await binary.run("report", "junit.xml", "--html", "single", "--output", "report.html")
        #expect(rendered.exitCode == 0, "\(rendered)")
        let page = try directory.text("report.html").replacing("</body>", with: "<script>\(script)</script></body>")
        try directory.write(page, to: "probed.html")
        let browser = try await binary.paste(
            """
            chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$PWD/profile" \
            --enable-logging=stderr --virtual-time-budget=5000 --dump-dom "file://$PWD/probed.html" 2>browser.txt
            """)
        let log = try directory.text("browser.txt")
        #expect(browser.exitCode == 0, "\(log)")
        #expect(!log.contains(":CONSOLE"), "\(log)")
        let title = try #require(browser.standardOutput.firstMatch(of: /<title>(.*?)<\/title>/)?.output.1)
        let json = title.replacing("&amp;", with: "&").replacing("&lt;", with: "<").replacing("&gt;", with: ">")
        return try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    }

    @Test func `all tests are listed, searched, filtered and turned over without a request or a complaint`()
        async throws
    {
        let found = try await probe(
            """
            var r={},$=function(i){return document.getElementById(i)};
            r.first=$("rows").rows.length;r.at=$("at").textContent;
            $("next").click();r.second=$("rows").rows[0].textContent;
            $("q").value="class3 test_30";$("q").dispatchEvent(new Event("input"));
            setTimeout(function(){r.found=$("found").textContent;
            $("q").value="";$("o").value="f";$("o").dispatchEvent(new Event("change"));r.failed=$("found").textContent;
            $("o").value="";$("s").value="d";$("s").dispatchEvent(new Event("change"));r.slow=$("rows").rows[0].textContent;
            r.requests=performance.getEntriesByType("resource").length;
            document.title=JSON.stringify(r)},300);
            """)
        #expect(found["first"] as? Int == 100)
        #expect(found["at"] as? String == "page 1 of 25")
        #expect((found["second"] as? String)?.hasSuffix("test_100") == true)
        #expect(found["found"] as? String == "10 of 2500 tests")
        #expect(found["failed"] as? String == "5 of 2500 tests")
        #expect((found["slow"] as? String)?.contains("test_999") == true)
        #expect(found["requests"] as? Int == 0)
    }

    @Test func `what a screen reader needs is there`() async throws {
        let found = try await probe(
            """
            var bad=[],ids={};
            document.querySelectorAll("[id]").forEach(function(e){if(ids[e.id])bad.push("twice: "+e.id);ids[e.id]=1});
            document.querySelectorAll("input,select").forEach(function(e){if(!e.labels.length)bad.push("no label: "+e.id)});
            document.querySelectorAll("button,a,summary").forEach(function(e){if(!e.textContent.trim())bad.push("no name: "+e.outerHTML)});
            document.querySelectorAll("svg").forEach(function(e){if(!e.getAttribute("aria-label")&&e.getAttribute("aria-hidden")!=="true")bad.push("svg")});
            document.querySelectorAll("th").forEach(function(e){if(!e.scope)bad.push("th without scope")});
            var level=0;document.querySelectorAll("h1,h2,h3").forEach(function(e){var n=+e.tagName[1];if(n>level+1)bad.push("jump to "+e.textContent);level=n});
            if(document.querySelectorAll("h1").length!==1)bad.push("h1");
            if(!document.documentElement.lang||!document.querySelector("main"))bad.push("frame");
            function lum(c){return c.map(function(v){v/=255;return v<=.04045?v/12.92:Math.pow((v+.055)/1.055,2.4)}).reduce(function(s,v,i){return s+v*[.2126,.7152,.0722][i]},0)}
            function rgb(s){return s.match(/[0-9.]+/g).slice(0,3).map(Number)}
            function ground(e){for(;e;e=e.parentElement){var b=getComputedStyle(e).backgroundColor;if(!/, 0\\)$/.test(b))return rgb(b)}return [255,255,255]}
            document.querySelectorAll("p,td,th,summary,span,pre,h1,h2,h3,a,label").forEach(function(e){if(!e.textContent.trim()||e.closest(".skip"))return;
            var a=lum(rgb(getComputedStyle(e).color)),b=lum(ground(e)),c=(Math.max(a,b)+.05)/(Math.min(a,b)+.05);
            if(c<4.5)bad.push("contrast "+c.toFixed(2)+" "+e.className+" "+e.textContent.slice(0,30))});
            document.title=JSON.stringify({bad:bad});
            """)
        #expect(found["bad"] as? [String] == [])
    }
}
