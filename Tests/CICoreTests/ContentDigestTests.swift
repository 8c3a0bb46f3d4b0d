import CICore
import Testing

struct ContentDigestTests {
    private let digits = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    @Test(arguments: ["", "sha256:"]) func `digits are read with and without their algorithm, in any case`(
        prefix: String
    ) throws {
        let digest = try #require(ContentDigest(prefix + digits.uppercased()))
        #expect(digest.hexadecimal == digits)
        #expect(digest.description == "sha256:\(digits)")
        #expect(ContentDigest(digest.description) == digest)
    }

    @Test(arguments: ["", "e3b0", "sha1:", "../../etc/passwd", String(repeating: "g", count: 64), "é"])
    func `what is no digest is none`(text: String) {
        #expect(ContentDigest(text) == nil)
        #expect(ContentDigest(text + digits + "0") == nil)
    }

    @Test func `hexadecimal digits give back their bytes`() {
        let bytes = (0...255).map(UInt8.init)
        #expect(Hexadecimal.bytes(of: Hexadecimal.text(of: bytes)) == bytes)
        #expect(Hexadecimal.bytes(of: "abc") == nil)
        #expect(Hexadecimal.text(of: [0, 10, 255]) == "000aff")
    }
}
