import CICore
import Testing

import struct FoundationEssentials.Date

@testable import CIProviders

/// The examples of Amazon's own documents, whose answers are printed there.
@Suite struct AWSSignatureTests {
    private static let day = Date(timeIntervalSince1970: 1_369_353_600)
    private static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    private static let keys = S3Credentials(
        accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))

    /// A request of "Authenticating Requests: Using the Authorization Header" and the signature that it prints.
    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let request: AWSSignature.Request
        let signature: String

        init(
            _ title: String, _ method: String, _ path: String, query: [(String, String)] = [],
            headers: [(String, String)] = [], payload: String = AWSSignatureTests.empty, _ signature: String
        ) {
            testDescription = title
            self.signature = signature
            request = AWSSignature.Request(
                method: method, host: "examplebucket.s3.amazonaws.com", path: path,
                query: query.map { (name: $0.0, value: $0.1) },
                headers: (headers + [("x-amz-date", "20130524T000000Z"), ("x-amz-content-sha256", payload)])
                    .map { (name: $0.0, value: $0.1) },
                payload: payload)
        }
    }

    @Test(arguments: [
        Example(
            "get object", "GET", "/test.txt", headers: [("Range", "bytes=0-9")],
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        Example(
            "put object", "PUT", "/test%24file.text",
            headers: [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
            payload: "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
        Example(
            "get bucket lifecycle", "GET", "/", query: [("lifecycle", "")],
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        Example(
            "list objects", "GET", "/", query: [("prefix", "J"), ("max-keys", "2")],
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ])
    func `a request is signed as Amazon's documents print it`(example: Example) {
        let text = AWSSignature(credentials: Self.keys, region: "us-east-1").authorization(
            example.request, at: Self.day)
        #expect(text.hasPrefix("Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"))
        #expect(text.hasSuffix(",Signature=\(example.signature)"))
    }

    @Test func `the first case of the signature's test suite comes out`() {
        let keys = S3Credentials(
            accessKey: "AKIDEXAMPLE", secretKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
        let request = AWSSignature.Request(
            method: "GET", host: "example.amazonaws.com", path: "/", query: [],
            headers: [("X-Amz-Date", "20150830T123600Z")], payload: Self.empty)
        let text = AWSSignature(credentials: keys, region: "us-east-1", service: "service")
            .authorization(request, at: Date(timeIntervalSince1970: 1_440_938_160))
        #expect(
            text == """
                Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,SignedHeaders=host;x-amz-date,\
                Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
                """)
    }
}
