import CICore
import Testing

@testable import Simulator

struct RouteTests {
    @Test(
        arguments: [
            (
                "/repos/{owner}/{repo}/statuses/{sha}", "/repos/o/r/statuses/abc",
                ["owner": "o", "repo": "r", "sha": "abc"]
            ),
            ("/projects/{id}/x", "/projects/group%2Fsub%2Fname/x", ["id": "group/sub/name"]),
            ("/contents/{path...}", "/contents/a/b%20c/d.txt", ["path": "a/b c/d.txt"]),
            ("/job/{name...}/{number}/api/json", "/job/a/job/b/12/api/json", ["name": "a/job/b", "number": "12"]),
            ("/builds/id:{id}", "/builds/id:77", ["id": "77"]),
            ("/builds/id:{id}", "/builds/id%3A77", ["id": "77"]),
            ("/user", "/user", [:]),
        ] as [(String, String, [String: String])])
    func `a template's names take what stands in their places`(
        template: String, path: String, expected: [String: String]
    ) {
        let route = Route(.get, template) { _ in .empty() }
        #expect(route.parameters(of: path.split(separator: "/")) == expected)
    }

    @Test(arguments: [
        ("/a/{b}", "/a"), ("/a/{b}", "/a/b/c"), ("/a/{b...}", "/a"), ("/a/{b...}/c", "/a/c"), ("/a/b", "/a/c"),
        ("/a/id:{b}", "/a/id:"), ("/a/id:{b}", "/a/77"),
    ]) func `another path is none of the template's`(template: String, path: String) {
        let route = Route(.get, template) { _ in .empty() }
        #expect(route.parameters(of: path.split(separator: "/")) == nil)
    }

    @Test func `queries and forms are read with their escapes`() {
        let values = NamedValues(urlEncoded: "a=1&b=x+y%2Fz&a=2&flag&bad=%zz%4")
        #expect(values.all("a") == ["1", "2"])
        #expect(values["b"] == "x y/z")
        #expect(values["flag"] == "")
        #expect(values["bad"] == "%zz%4")
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_827_696, "2000-02-29T12:34:56Z"), (1_750_000_000, "2025-06-15T15:06:40Z"),
            (4_102_444_799, "2099-12-31T23:59:59Z"), (-1, "1969-12-31T23:59:59Z"),
        ] as [(Int64, String)]) func `times are written as APIs write them`(seconds: Int64, text: String)
    {
        #expect(UTCTime.text(seconds) == text)
    }

    @Test func `an answer's JSON is what was written`() throws {
        let value: JSONValue = ["a": 1, "b": [nil, true, 1.5, "x\u{1}\"é"], "c": [:], "big": 4_102_444_800_123]
        let text = String(decoding: value.encoded, as: UTF8.self)
        #expect(text == #"{"a":1,"b":[null,true,1.5,"x\u0001\"é"],"big":4102444800123,"c":{}}"#)
        #expect(JSONValue(text) == value)
    }
}

struct FaultTests {
    @Test(
        arguments: [
            ("rate-limit", .rateLimit, 1, ""), ("server-error=5", .serverError, 5, ""),
            ("reset=1:POST*comments*", .reset, 1, "POST*comments*"), ("slow=all", .slow, nil, ""),
            ("fork-token", .forkToken, nil, ""), ("html:GET /a:b*", .html, 1, "GET /a:b*"),
        ] as [(String, Fault.Kind, Int?, String)])
    func `a fault is read from its text`(text: String, kind: Fault.Kind, count: Int?, pattern: String) {
        #expect(Fault(text) == Fault(kind, count: count, pattern: pattern))
    }

    @Test(arguments: ["", "nothing", "slow=", "slow=0", "slow=-1", "slow=x", "=1", ":x", "Slow"])
    func `what is no fault is refused`(text: String) { #expect(Fault(text) == nil) }

    @Test(arguments: [
        ("", "", true), ("abc", "abc", true), ("abc", "a*c", true), ("abc", "*", true), ("", "*", true),
        ("abc", "ab", false), ("POST /a/comments/1", "POST*comments*", true), ("aXbXc", "a*X*d", false),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaab", "*a*a*a*a*a*b", true), ("abc", "*bc*x", false),
    ]) func `stars stand for anything`(text: String, pattern: String, fits: Bool) {
        #expect(Wildcard.matches(text, pattern) == fits)
    }
}
