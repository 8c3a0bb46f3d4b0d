import CICore
import Testing

@testable import CIProviders

@Suite struct S3AddressTests {
    @Test(arguments: [
        ("s3://bucket", "https://bucket.s3.us-east-1.amazonaws.com", "a"),
        ("s3://bucket/deep/er/", "https://bucket.s3.us-east-1.amazonaws.com", "deep/er/a"),
        ("s3://bucket?region=eu-west-1", "https://bucket.s3.eu-west-1.amazonaws.com", "a"),
        ("s3://bucket?region=cn-north-1", "https://bucket.s3.cn-north-1.amazonaws.com.cn", "a"),
        ("s3://my.bucket/x", "https://s3.us-east-1.amazonaws.com/my.bucket", "x/a"),
        ("s3://bucket?style=path", "https://s3.us-east-1.amazonaws.com/bucket", "a"),
        ("s3://bucket/p?endpoint=https://minio.example:9000/", "https://minio.example:9000/bucket", "p/a"),
        ("s3://bucket?endpoint=http%3A%2F%2Flocalhost%3A1%2Fbase", "http://localhost:1/base/bucket", "a"),
        ("s3://bucket?endpoint=minio.example", "https://minio.example/bucket", "a"),
        ("s3://bucket?endpoint=https://minio.example&style=host", "https://bucket.minio.example", "a"),
    ])
    func `an address says where objects are`(text: String, base: String, key: String) throws {
        let address = try S3Address(text)
        #expect(address.base(region: address.region) == base)
        #expect(address.key("a") == key)
    }

    @Test func `the environment fills in what the address leaves open`() throws {
        let environment = [
            "AWS_ENDPOINT_URL": "http://store:9000", "AWS_REGION": "", "AWS_DEFAULT_REGION": "eu-south-1",
        ]
        let address = try S3Address("s3://bucket", environment: environment)
        #expect(address.base(region: address.region) == "http://store:9000/bucket")
        #expect(address.region == "eu-south-1")
        #expect(try S3Address("s3://bucket?region=x", environment: environment).region == "x")
    }

    @Test(arguments: [
        ("/tmp/x", "s3://"), ("s3://", "bucket"), ("s3://a", "bucket"), ("s3://buc ket", "bucket"),
        ("s3://bucket/../other", "upwards"), ("s3://bucket?endpont=x", "endpont"),
        ("s3://bucket?style=odd", "style"), ("s3://bucket?endpoint=ftp://x", "endpoint"),
        ("s3://bucket?endpoint=http://user:word@x", "endpoint"), ("s3://bucket?region=a/b", "region"),
        ("s3://bucket@evil.example", "bucket"),
    ])
    func `what is none says why`(text: String, word: String) {
        let error = #expect(throws: S3Address.Malformed.self) { try S3Address(text) }
        #expect(error?.description.contains(word) == true)
    }

    @Test func `keys come from the environment and show nowhere`() throws {
        #expect(S3Credentials(environment: ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": ""]) == nil)
        let keys = try #require(
            S3Credentials(environment: [
                "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "hidden1", "AWS_SESSION_TOKEN": "hidden2",
            ]))
        #expect(!"\(keys)".contains("hidden"))
        #expect(keys.sessionToken?.reveal() == "hidden2")
    }
}
