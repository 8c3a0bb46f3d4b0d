import Testing

@testable import CIProviders

@Suite struct RepositoryURLTests {
    @Test(arguments: [
        ("https://github.com/o/r.git", "github.com", "o/r"), ("https://github.com/o/r", "github.com", "o/r"),
        ("https://user:tok@en@GitLab.example.com:8443/a/b/c.git", "gitlab.example.com", "a/b/c"),
        ("git@github.com:o/r.git", "github.com", "o/r"), ("ssh://git@host:2222/o/r.git/", "host", "o/r"),
        ("git://host/o/r", "host", "o/r"), ("https://host/scm/key/name.git", "host", "key/name"),
        ("https://dev.azure.com/org/project/_git/repo", "dev.azure.com", "org/project/repo"),
        ("git@ssh.dev.azure.com:v3/org/project/repo", "ssh.dev.azure.com", "org/project/repo"),
        ("https://host/o/r.git?x=1#y", "host", "o/r"),
    ])
    func `a URL gives host and slug, never credentials`(url: String, host: String, slug: String) {
        #expect(RepositoryURL(url)?.host == host)
        #expect(RepositoryURL(url)?.slug == slug)
    }

    @Test(arguments: [
        "", "/srv/git/r.git", "../r", "file:///srv/o/r", "https://host", "https://host/only", "C:\\x\\y", ":", "://",
    ])
    func `what names no hosted repository is none`(url: String) {
        #expect(RepositoryURL(url) == nil)
    }
}
