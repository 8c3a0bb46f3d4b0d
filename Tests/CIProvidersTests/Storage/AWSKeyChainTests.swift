import CICore
import CurlHTTP
import Foundation
import StorageServer
import SystemPackage
import Testing

@testable import CIProviders

/// Where keys are found, in which order, and what is said where they are not.
@Suite struct AWSKeyChainTests {
    private static let server = Result { try StorageServer() }

    /// A home with a file of credentials.
    private struct Home {
        let path = FilePath("/tmp/dt-ci-home-\(UInt64.random(in: 0 ... .max))")

        init(_ credentials: String?) throws {
            try LocalFileSystem().createDirectory(path.appending(".aws"))
            guard let credentials else { return }
            try LocalFileSystem().write(Array(credentials.utf8), to: path.appending(".aws/credentials"))
        }

        func keys(_ environment: [String: String], home: Bool = true) throws -> S3Keys {
            let own = home ? ["HOME": path.string] : [:]
            return try AWSKeyChain(
                environment: own.merging(environment) { $1 }, files: LocalFileSystem(), exchange: .forStorageTests()
            ).keys(for: S3Address("s3://bucket"))
        }

        func end() { try? LocalFileSystem().remove(path) }  // what stays is in a temporary directory
    }

    private static let file = """
        # of this machine
        [default]
        aws_access_key_id = D1
        aws_secret_access_key=d-secret=/+
        [ ci ]
        aws_access_key_id=C1
          aws_secret_access_key  =  c-secret
        aws_session_token = c-token
        [sso]
        sso_start_url = https://example.org

        """

    @Test(
        arguments: [
            (["AWS_ACCESS_KEY_ID": "E1", "AWS_SECRET_ACCESS_KEY": "e", "AWS_PROFILE": "ci"], "E1", "e", nil),
            ([:], "D1", "d-secret=/+", nil), (["AWS_PROFILE": "ci"], "C1", "c-secret", "c-token"),
            (["AWS_ACCESS_KEY_ID": "", "AWS_PROFILE": "ci"], "C1", "c-secret", "c-token"),
            (["AWS_SHARED_CREDENTIALS_FILE": "~/.aws/credentials", "AWS_PROFILE": "ci"], "C1", "c-secret", "c-token"),
        ] as [([String: String], String, String, String?)])
    func `keys come from variables, then from the profile`(
        environment: [String: String], id: String, secret: String, token: String?
    ) throws {
        let home = try Home(Self.file)
        defer { home.end() }
        guard case .held(let keys) = try home.keys(environment) else {
            Issue.record("a role")
            return
        }
        #expect(keys.accessKey == id)
        #expect(keys.secretKey.reveal() == secret)
        #expect(keys.sessionToken?.reveal() == token)
    }

    @Test(
        arguments: [
            ([:], nil, "no keys: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_ROLE_ARN"),
            (["AWS_ACCESS_KEY_ID": "a"], file, "AWS_ACCESS_KEY_ID is set, but not AWS_SECRET_ACCESS_KEY"),
            (["AWS_SECRET_ACCESS_KEY": "a"], file, "AWS_SECRET_ACCESS_KEY is set, but not AWS_ACCESS_KEY_ID"),
            (["AWS_PROFILE": "gone"], file, "has no profile gone"),
            (["AWS_PROFILE": "ci"], nil, "the keys of the profile ci: "),
            (["AWS_PROFILE": "sso"], file, "the profile sso in "),
            (["AWS_PROFILE": "sso"], file, "has sso_start_url, which"),
            (["AWS_SHARED_CREDENTIALS_FILE": "/nowhere/x"], file, "the keys of the profile default: "),
            (["AWS_ROLE_ARN": "arn:x"], nil, "AWS_ROLE_ARN is set, but not AWS_WEB_IDENTITY_TOKEN_FILE"),
            (["AWS_WEB_IDENTITY_TOKEN_FILE": "/t"], file, "AWS_WEB_IDENTITY_TOKEN_FILE is set, but not AWS_ROLE_ARN"),
        ] as [([String: String], String?, String)])
    func `what is missing is said in one sentence`(
        environment: [String: String], file: String?, words: String
    ) throws {
        let home = try Home(file)
        defer { home.end() }
        let error = #expect(throws: AWSKeyChain.Missing.self) { try home.keys(environment) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test func `a web identity borrows keys once, and says nothing of its token where it is refused`() async throws {
        let server = try Self.server.get()
        let home = try Home(nil)
        defer { home.end() }
        let file = home.path.appending("token")
        try LocalFileSystem().write(Array("\(StorageServer.webIdentity)\n".utf8), to: file)
        let environment = [
            "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/ci", "AWS_WEB_IDENTITY_TOKEN_FILE": file.string,
            "AWS_ENDPOINT_URL": server.url,
        ]
        let keys = try home.keys(environment)
        let first = try await keys.credentials()
        #expect(first.sessionToken != nil && first.accessKey != "AK")
        #expect(try await keys.credentials() == first)
        try LocalFileSystem().write(Array("wrong-token-value".utf8), to: file)
        let refused = await #expect(throws: APIError.self) { try await home.keys(environment).credentials() }
        #expect(refused?.code == .noCredentials)
        #expect(refused?.description.contains("InvalidIdentityToken") == true)
        #expect(refused?.description.contains("wrong-token-value") == false)
        try LocalFileSystem().remove(file)
        let gone = await #expect(throws: APIError.self) { try await home.keys(environment).credentials() }
        #expect(gone?.description.hasPrefix("AWS_WEB_IDENTITY_TOKEN_FILE: ") == true)
    }

    @Test func `the token service is the region's own unless another is named`() throws {
        let home = try Home(nil)
        defer { home.end() }
        let role = ["AWS_ROLE_ARN": "arn:x", "AWS_WEB_IDENTITY_TOKEN_FILE": "/t"]
        for extra in [[:], ["AWS_ENDPOINT_URL_STS": "http://127.0.0.1:1"]] {
            guard case .lent = try home.keys(role.merging(extra) { $1 }) else {
                Issue.record("no role")
                continue
            }
        }
        #expect(AWSKeyChain.endpoint(region: "eu-west-1") == "https://sts.eu-west-1.amazonaws.com")
        #expect(AWSKeyChain.endpoint(region: "cn-north-1") == "https://sts.cn-north-1.amazonaws.com.cn")
    }
}
