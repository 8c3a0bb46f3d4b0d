import CICore
import Testing

@testable import CurlHTTP

struct CheckedRequestTests {
    @Test(arguments: [
        HTTPHeader("X-A", "b\r\nX-Evil: 1"), HTTPHeader("X-A", "b\nX-Evil: 1"), HTTPHeader("X-A", "b\rc"),
        HTTPHeader("X-A", "b\u{0}c"), HTTPHeader("X-A", "b\u{7f}"), HTTPHeader("X-A\r\nX-Evil", "1"),
        HTTPHeader("X A", "1"), HTTPHeader("X:A", "1"), HTTPHeader("", "1"), HTTPHeader("Ä", "1"),
        HTTPHeader("Authorization", prefix: "Bearer ", secret: Secret("s3cr3t\n")), HTTPHeader("Content-Length", "5"),
        HTTPHeader("transfer-encoding", "chunked"),
    ])
    func `a header that would leave its line is refused without showing its value`(header: HTTPHeader) throws {
        let request = HTTPRequest(.get, "http://h/", headers: [HTTPHeader("X-Good", "1"), header])
        let error = try #require(throws: HTTPError.self) { try CheckedRequest(request) }
        #expect(error.code == .badURL)
        #expect(!error.description.contains("s3cr3t"))
        #expect(!error.description.contains("Evil: "))
    }

    @Test func `empty values keep their header`() throws {
        let request = HTTPRequest(
            .get, "HTTPS://h:1/?q", headers: [HTTPHeader("A", ""), HTTPHeader("B", "b;"), HTTPHeader("C", "\t")])
        let checked = try CheckedRequest(request)
        #expect(checked.headerLines == ["Expect:", "A;", "B: b;", "C;"])
        #expect(checked.origin == "https://h:1")
        #expect(checked.isSecure)
    }
}
