import Testing

@testable import CurlHTTP

struct CurlLibraryTests {
    @Test func `the library is found and tells its version`() throws {
        #expect(try #require(CurlLibrary.version).hasPrefix("7.") || CurlLibrary.version?.hasPrefix("8.") == true)
    }
}
