import Testing

@testable import CurlHTTP

struct NetworkRouteTests {
    @Test(arguments: [
        ("https://api.github.com/", "github.com", "github.com"),
        ("https://api.github.com", ".GitHub.com", ".GitHub.com"),
        ("https://notgithub.com", "github.com", nil), ("https://git.acme", "a.b, git.acme c", "git.acme"),
        ("https://git.acme:8443/x", "*", "*"), ("https://git.acme", "x*", nil), ("https://git.acme", "", nil),
        ("http://10.1.2.3:80/", "10.0.0.0/8", "10.0.0.0/8"), ("http://11.1.2.3", "10.0.0.0/8", nil),
        ("http://10.1.2.3", "10.1.2.3", "10.1.2.3"), ("http://10.1.2.3", "2.3", nil),
        ("http://10.1.2.3", "0.0.0.0/0", "0.0.0.0/0"),
        ("http://10.1.2.3", "10.0.0.0/33", nil), ("http://me:pw@git.acme./", "git.acme", "git.acme"),
        ("http://[::1]:80/", "::1", "::1"), ("https://git.acme", ".", nil),
    ]) func `a list of hosts covers what libcurl takes it to cover`(url: String, list: String, entry: String?) {
        #expect(NoProxyList(list).entry(for: url) == entry)
    }

    @Test func `a proxy is named by its variable and without its password`() {
        let environment = ["HTTPS_PROXY": "http://me:hunter2@proxy:3128", "NO_PROXY": "acme"]
        let route = NetworkRoute(to: "https://api.github.com", environment: environment)
        #expect(route.proxy == .init(address: "http://proxy:3128", hasCredentials: true, variable: "HTTPS_PROXY"))
        #expect(route.exemption == nil && !"\(route)".contains("hunter2"))
        #expect(NetworkRoute(to: "https://git.acme", environment: environment).exemption == "acme")
        #expect(NetworkRoute(to: "http://api.github.com", environment: environment).proxy == nil)
    }

    @Test(arguments: [
        (["CURL_CA_BUNDLE": "/etc/hosts"], "CURL_CA_BUNDLE", false), (["SSL_CERT_DIR": "/etc"], "SSL_CERT_DIR", true),
        (["SSL_CERT_FILE": "/etc"], "SSL_CERT_FILE", true),
    ]) func `certificates are named by their variable`(
        environment: [String: String], variable: String, isDirectory: Bool
    ) throws {
        let found = try #require(NetworkRoute(to: "https://a", environment: environment).certificates)
        #expect(found.variable == variable && found.isDirectory == isDirectory)
    }

    @Test func `the library tells what it does TLS with`() throws {
        let library = try #require(NetworkRoute.library)
        #expect(library.tls?.isEmpty == false && !library.version.isEmpty)
    }
}
