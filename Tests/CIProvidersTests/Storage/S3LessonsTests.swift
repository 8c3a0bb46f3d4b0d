import CICore
import Testing

@testable import CIProviders

/// What a storage's refusals teach, told by a script.
@Suite struct S3LessonsTests {
    private static let keys = S3Credentials(accessKey: "AK", secretKey: Secret("se-cret"))

    /// A client on a script, which tells what was asked.
    private func client(
        _ steps: [Result<HTTPResponse, HTTPError>], _ address: String = "s3://bucket", keys: S3Credentials = keys
    ) throws -> (S3Client, ScriptedHTTP) {
        let scripted = ScriptedExchange(steps)
        let client = S3Client(
            try S3Address(address), keys: .held(keys), exchange: scripted.exchange, files: LocalFileSystem())
        return (client, scripted.http)
    }

    @Test(arguments: [
        Result.answer(301, "", ["x-amz-bucket-region": "eu-west-3"]),
        .answer(
            307, "<Error><Code>TemporaryRedirect</Code><Endpoint>bucket.s3-eu-west-3.amazonaws.com</Endpoint></Error>",
            ["Location": "https://bucket.s3-eu-west-3.amazonaws.com/key"]),
        .answer(400, "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-3</Region></Error>"),
    ])
    func `a bucket of another region is asked there, and stays known`(refusal: Result<HTTPResponse, HTTPError>)
        async throws
    {
        let (client, http) = try client([refusal, .answer(204), .answer(204)])
        try await client.delete("key")
        try await client.delete("key")
        #expect(
            http.requests.map(\.url) == [
                "https://bucket.s3.us-east-1.amazonaws.com/key", "https://bucket.s3.eu-west-3.amazonaws.com/key",
                "https://bucket.s3.eu-west-3.amazonaws.com/key",
            ])
    }

    @Test func `a redirect to a stranger is not followed`() async throws {
        let (client, http) = try client(
            [.answer(307, "<Endpoint>evil.example</Endpoint>", ["Location": "https://evil.example/key"])],
            "s3://bucket?endpoint=https://minio.example")
        let error = await #expect(throws: APIError.self) { try await client.delete("key") }
        #expect(error?.code == .misdirected)
        #expect(http.requests.count == 1)
    }

    @Test func `a wrong clock is set by the storage's`() async throws {
        // The scripted clock says 2001-09-09T01:46:40Z.
        let refusal = Result.answer(
            403, "<Error><Code>RequestTimeTooSkewed</Code><Message>Too large.</Message></Error>",
            ["Date": "Sun, 09 Sep 2001 03:46:40 GMT"])
        let (client, http) = try client([refusal, .answer(204)])
        try await client.delete("key")
        let times = http.requests.map { $0.headers.first { $0.name == "x-amz-date" }?.value }
        #expect(times == [.text("20010909T014640Z"), .text("20010909T034640Z")])
    }

    @Test func `a storage that knows no SHA-256 checksums gets MD5`() async throws {
        let refusal = Result.answer(
            501, "<Error><Code>NotImplemented</Code><Message>Header 'x-amz-checksum-sha256' …</Message></Error>")
        let digest = ContentDigest(bytes: BodyDigests([1]).sha256)
        let (client, http) = try client([
            .answer(404), refusal, .answer(200),
            .answer(200, "", ["Content-Length": "1", "ETag": "\"55a54008ad1ba589aa210d2629c1df41\""]),
        ])
        let item = S3Item(key: "key", content: .bytes([1]), digest: digest, mediaType: "text/plain")
        #expect(try await client.put(item) == .sent(1))
        let second = http.requests[2].headers
        #expect(!second.contains { $0.name == "x-amz-checksum-sha256" })
        #expect(second.contains { $0.name == "Content-MD5" && $0.value == .text("VaVACK0bpYmqIQ0mKcHfQQ==") })
    }

    @Test func `an error is in the storage's words and shows no secret`() async throws {
        var keys = Self.keys
        keys.sessionToken = Secret("lent-token")
        let (client, http) = try client(
            [
                .answer(
                    403,
                    "<Error><Code>AccessDenied</Code><Message>No &quot;entry&quot; for lent-token</Message></Error>")
            ],
            keys: keys)
        let error = await #expect(throws: APIError.self) { try await client.delete("a b/ü") }
        #expect(
            error?.description
                == #"s3://bucket: DELETE /a%20b/%C3%BC: 403: AccessDenied: No "entry" for •••"#)
        #expect(http.requests.count == 1)
    }

    @Test(arguments: ["", "/a", "a//b", "a/../b", "./a", String(repeating: "a", count: 1025)])
    func `a key that a URL would change is refused`(key: String) async throws {
        let (client, http) = try client([])
        await #expect(throws: APIError.self) { try await client.delete(key) }
        #expect(http.requests.isEmpty)
    }

    @Test(arguments: [
        ("99", "55a54008ad1ba589aa210d2629c1df41"), ("1", "00000000000000000000000000000000"),
    ])
    func `what arrived otherwise than it was sent is an error`(size: String, tag: String) async throws {
        let digest = ContentDigest(bytes: BodyDigests([1]).sha256)
        let (client, _) = try client([
            .answer(404), .answer(200), .answer(200, "", ["Content-Length": size, "ETag": tag]),
        ])
        let item = S3Item(key: "key", content: .bytes([1]), digest: digest, mediaType: "text/plain")
        let error = await #expect(throws: APIError.self) { try await client.put(item) }
        #expect(error?.detail == "what arrived is not what was sent")
    }
}
