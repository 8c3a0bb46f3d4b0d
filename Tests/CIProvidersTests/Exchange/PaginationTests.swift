import CICore
import Testing

@testable import CIProviders

@Suite(.timeLimit(.minutes(1)))
struct PaginationTests {
    @Test(
        arguments: [
            (
                .linkHeader, #"[1]"#,
                ["Link": #"<https://api.test/v1/a?page=2>; rel="next", <https://api.test/v1/a?page=9>; rel="last""#],
                "https://api.test/v1/a?page=2", "[2]"
            ),
            // Behind a proxy the API may think of itself as somewhere else.
            (
                .linkHeader, #"[1]"#, ["Link": #"<http://internal.test/a?page=2>; rel="next""#],
                "https://api.test/v1/a?page=2", "[2]"
            ),
            (
                .linkHeaderWithin(elements: "runs"), #"{"runs":[1]}"#, ["Link": "</v1/a?page=2>; rel=next"],
                "https://api.test/v1/a?page=2", #"{"runs":[2]}"#
            ),
            (
                .pageHeader("X-Next-Page", query: "page"), "[1]", ["X-Next-Page": "2"], "https://api.test/v1/a?page=2",
                "[2]"
            ),
            (
                .bodyURL(next: ["next"], elements: "values"), #"{"values":[1],"next":"https://api.test/v1/a?p=x"}"#,
                [:],
                "https://api.test/v1/a?p=x", #"{"values":[2]}"#
            ),
            (
                .bodyURL(next: ["@pagination", "next", "@href"], elements: "jobs"),
                #"{"jobs":[1],"@pagination":{"next":{"@href":"/v1/a?offset=1"}}}"#, [:],
                "https://api.test/v1/a?offset=1",
                #"{"jobs":[2],"@pagination":{"next":null}}"#
            ),
            (
                .bodyToken(next: "next_page_token", query: "page-token", elements: "items"),
                #"{"items":[1],"next_page_token":"a b"}"#,
                [:], "https://api.test/v1/a?page-token=a%20b", #"{"items":[2],"next_page_token":null}"#
            ),
            (
                .headerToken("x-ms-continuationtoken", query: "continuationToken", elements: "value"),
                #"{"value":[1]}"#,
                ["X-MS-ContinuationToken": "t"], "https://api.test/v1/a?continuationToken=t", #"{"value":[2]}"#
            ),
            (
                .skip(top: 1, elements: "value"), #"{"value":[1]}"#, [:], "https://api.test/v1/a?%24skip=1",
                #"{"value":[]}"#
            ),
        ] as [(Pagination, String, [String: String], String, String)])
    func `each kind of list goes on to its next page and ends`(
        paging: Pagination, first: String, headers: [String: String], next: String, last: String
    ) async throws {
        let exchange = ScriptedExchange([.answer(200, first, headers), .answer(200, last)])
        let elements = try await exchange.client.list(APICall(.get, "/a"), paging: paging)
        #expect(elements.compactMap(\.int) == (last.contains("2") ? [1, 2] : [1]))
        #expect(exchange.http.requests.map(\.url) == ["https://api.test/v1/a", next])
        #expect(exchange.http.requests.allSatisfy { $0.headers.count == 1 })
    }

    @Test func `a list in circles ends where it began`() async throws {
        let headers = ["Link": #"<https://api.test/v1/a>; rel="next""#]
        let exchange = ScriptedExchange([.answer(200, "[1]", headers)])
        #expect(try await exchange.client.list(APICall(.get, "/a"), paging: .linkHeader) == [.number(1)])
    }

    @Test func `a list without end stops at its limit, and one of empty pages too`() async throws {
        let page = Result<HTTPResponse, HTTPError>.answer(200, #"{"items":[1,2,3],"next":"x"}"#)
        let paging = Pagination.bodyToken(next: "next", query: "t", elements: "items")
        let full = ScriptedExchange([page, page])
        #expect(try await full.client.list(APICall(.get, "/a"), paging: paging, limit: 2).count == 2)
        let pages = (0..<1000).map { Result<HTTPResponse, HTTPError>.answer(200, #"{"items":[],"next":"\#($0)"}"#) }
        let empty = ScriptedExchange(pages)
        #expect(try await empty.client.list(APICall(.get, "/a"), paging: paging).isEmpty)
        #expect(empty.http.requests.count == 1000)
    }

    @Test func `a next page that is no page of the API is an error, no end`() async throws {
        let exchange = ScriptedExchange([.answer(200, "[1]", ["Link": #"<https://evil.test/steal>; rel="next""#])])
        await #expect(throws: APIError.self) {
            try await exchange.client.list(APICall(.get, "/a"), paging: .linkHeader)
        }
        #expect(exchange.http.requests.count == 1)
    }

    @Test func `a web page within a list is an error`() async throws {
        let exchange = ScriptedExchange([.answer(200, "<html>")])
        await #expect(throws: APIError.self) {
            try await exchange.client.list(APICall(.get, "/a"), paging: .linkHeader)
        }
    }
}
