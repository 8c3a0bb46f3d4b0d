import CICore
import Testing

@testable import CIProviders

struct RedirectTests {
    @Test(arguments: [
        ("https://a.test/b/c?d", "https://a.test/x?y", "https://a.test/x?y"),
        ("https://a.test/b/c", "/x", "https://a.test/x"),
        ("https://a.test/b/c?d", "x", "https://a.test/b/x"), ("https://a.test/b/c?d", "?x", "https://a.test/b/c?x"),
        ("https://a.test", "//b.test:1/x#f", "https://b.test:1/x"),
        ("https://a.test:443/b", "HTTPS://A.test", "https://a.test/"),
        ("http://a.test/b", "https://a.test/b", "https://a.test/b"),
        ("https://a.test/b", "x?u=http://c", "https://a.test/x?u=http://c"),
    ])
    func `a read follows to where it is sent`(from: String, location: String, to: String) throws {
        let next = try Redirect.next(after: HTTPRequest(.get, from), Self.answer(302, location))
        #expect(next?.url == to)
    }

    @Test(
        arguments: [
            (.get, 302, "http://a.test/x"), (.get, 302, "ftp://a.test/x"), (.get, 301, ""),
            (.get, 302, "https://u:p@b.test/"),
            (.get, 302, "javascript:alert(1)"), (.post, 302, "/x"), (.post, 303, "/x"), (.put, 301, "/x"),
            (.post, 307, "https://b.test/x"), (.post, 308, "https://a.test:8443/x"), (.delete, 307, "http://a.test/x"),
        ] as [(HTTPRequest.Method, Int, String)])
    func `what would lose a token, a body or TLS is refused`(
        method: HTTPRequest.Method, status: Int, location: String
    ) {
        #expect(throws: Redirect.Refusal.self) {
            try Redirect.next(after: HTTPRequest(method, "https://a.test/"), Self.answer(status, location))
        }
    }

    @Test(arguments: [307, 308])
    func `a write stays what it is within its origin`(status: Int) throws {
        let request = HTTPRequest(
            .post, "https://a.test/b", headers: [Self.token], body: HTTPBody(Array("body".utf8)))
        let next = try #require(try Redirect.next(after: request, Self.answer(status, "https://A.test:443/c")))
        #expect(next.method == .post)
        #expect(next.url == "https://a.test/c")
        #expect(next.headers == [Self.token])
        #expect(next.body == request.body)
    }

    @Test(arguments: [
        ("https://a.test/x", true), ("https://b.test/x", false), ("https://a.test:8443/x", false),
        ("https://a.test.evil/x", false),
    ])
    func `secrets stay within the origin`(location: String, isKept: Bool) throws {
        let headers = [
            Self.token, HTTPHeader("PRIVATE-TOKEN", secret: Secret("t")), HTTPHeader("cookie", "c"),
            HTTPHeader("Accept", "*/*"),
        ]
        let request = HTTPRequest(.get, "https://a.test/", headers: headers)
        let next = try #require(try Redirect.next(after: request, Self.answer(302, location)))
        #expect(next.headers == (isKept ? headers : [HTTPHeader("Accept", "*/*")]))
    }

    @Test(arguments: [200, 304, 300, 404])
    func `other answers are no redirects`(status: Int) throws {
        #expect(try Redirect.next(after: HTTPRequest(.get, "https://a.test/"), Self.answer(status, "/x")) == nil)
    }

    private static let token = HTTPHeader("Authorization", prefix: "Bearer ", secret: Secret("s3cr3t"))

    private static func answer(_ status: Int, _ location: String) -> HTTPResponse {
        HTTPResponse(status: status, headers: [HTTPHeader("location", location)])
    }
}
