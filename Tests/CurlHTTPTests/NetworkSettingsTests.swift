import CICore
import Testing

@testable import CurlHTTP

struct NetworkSettingsTests {
    @Test(
        arguments: [
            ([:], nil, nil),
            (["https_proxy": "a", "HTTPS_PROXY": "b", "http_proxy": "c", "HTTP_PROXY": "d"], "a", "c"),
            (["HTTPS_PROXY": "b", "HTTP_PROXY": "d"], "b", nil),
            (["all_proxy": "a", "ALL_PROXY": "b", "http_proxy": "c"], "a", "c"),
            (["https_proxy": "", "ALL_PROXY": "b"], "b", "b"),
        ] as [([String: String], String?, String?)])
    func `the lower-case name is first, and of http_proxy the only one`(
        environment: [String: String], secure: String?, plain: String?
    ) {
        let settings = NetworkSettings(environment: environment, agent: "a") { _ in false }
        #expect(settings.secureProxy?.address == secure)
        #expect(settings.plainProxy?.address == plain)
    }

    @Test(
        arguments: [
            ([:], nil, nil),
            (["SSL_CERT_FILE": "a", "CURL_CA_BUNDLE": "b"], "a", nil),
            (["SSL_CERT_FILE": "", "CURL_CA_BUNDLE": "b", "SSL_CERT_DIR": "d"], "b", "d"),
            (["REQUESTS_CA_BUNDLE": "/directory"], nil, "/directory"),
            (["REQUESTS_CA_BUNDLE": "/directory", "SSL_CERT_DIR": "d"], nil, "d"),
        ] as [([String: String], String?, String?)])
    func `certificates come from the first variable that names some`(
        environment: [String: String], file: String?, directory: String?
    ) {
        let settings = NetworkSettings(environment: environment, agent: "a") { $0 == "/directory" }
        #expect(settings.certificateFile == file)
        #expect(settings.certificateDirectory == directory)
    }

    @Test(
        arguments: [
            ("proxy:3128", "proxy:3128", nil, nil),
            ("http://proxy:3128/", "http://proxy:3128/", nil, nil),
            ("http://me@proxy", "http://proxy", "me", nil),
            ("socks5h://a%40b:c%3a%25%zz@proxy:1", "socks5h://proxy:1", "a@b", "c:%%zz"),
            ("http://a:b/c@d@proxy", "http://proxy", "a", "b/c@d"),
            ("a:b@proxy:1", "proxy:1", "a", "b"),
        ] as [(String, String, String?, String?)])
    func `a proxy's password is kept apart from its address`(
        text: String, address: String, user: String?, password: String?
    ) {
        let proxy = ProxyAddress(text)
        #expect(proxy.address == address)
        #expect(proxy.user == user)
        #expect(proxy.password?.reveal() == password)
        #expect(password == nil || !"\(proxy)".contains(password ?? ""))
    }
}
