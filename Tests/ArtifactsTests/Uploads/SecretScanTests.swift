import CICore
import Foundation
import SystemPackage
import Testing

@testable import Artifacts

@Suite struct SecretScanTests {
    private static let value = #"p4ss/w+rd"<&>\x-ÿ-1234"#
    private let scan = SecretScan(["DB_PASSWORD": Secret(value), "OTHER_TOKEN": Secret("tok_abcdefghijkl")])

    @Test(arguments: [
        value, "a \(value) b", "p4ss%2Fw%2Brd%22%3C%26%3E%5Cx-%C3%BF-1234", "p4ss%2fw%2brd%22%3c%26%3e%5cx-%c3%bf-1234",
        #""p4ss/w+rd\"<&>\\x-ÿ-1234""#, #"<a>p4ss/w+rd&quot;&lt;&amp;&gt;\x-ÿ-1234</a>"#,
    ])
    func `a secret is found as it is and escaped`(text: String) {
        #expect(scan.variable(in: text) == "DB_PASSWORD")
    }

    @Test(arguments: 0..<7)
    func `a secret is found in Base64 wherever it begins`(shift: Int) {
        let text = String(repeating: "?", count: shift) + Self.value + String(repeating: "~", count: shift)
        let encoded = Data(text.utf8).base64EncodedString()
        #expect(scan.variable(in: encoded) == "DB_PASSWORD")
        #expect(scan.variable(in: encoded.replacing("+", with: "-").replacing("/", with: "_")) == "DB_PASSWORD")
    }

    @Test(arguments: ["", "tok_abcdefghijk", "tok_abcdefghijK", "p4ss/w+rd", "TOK_ABCDEFGHIJKL"])
    func `what only resembles a secret is none`(text: String) {
        #expect(scan.variable(in: text) == nil)
    }

    @Test(arguments: ["short", "", "  \n", "1234567"])
    func `a short value is not looked for`(value: String) {
        #expect(SecretScan(["A_TOKEN": Secret(value)]).isEmpty)
    }

    @Test func `a key of several lines is found however its lines are joined`() {
        let line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7"
        let key = "-----BEGIN PRIVATE KEY-----\n\(line)\nQQ==\n-----END PRIVATE KEY-----\n"
        let scan = SecretScan(["DEPLOY_PRIVATE_KEY": Secret(key)])
        #expect(scan.variable(in: key.replacing("\n", with: "\r\n    ")) == "DEPLOY_PRIVATE_KEY")
        #expect(scan.variable(in: "-----BEGIN PRIVATE KEY-----") == nil)
    }

    @Test(arguments: [-16, -15, -8, -1, 0, 1])
    func `a secret across the border of two chunks is found`(offset: Int) throws {
        let path = FilePath("/tmp/dt-ci-scan-\(UInt64.random(in: 0 ... .max))")
        defer { try? LocalFileSystem().remove(path) }  // what stays is in a temporary directory
        var bytes = [UInt8](repeating: UInt8(ascii: "t"), count: 2 * SecretScan.chunk + 100)
        let start = SecretScan.chunk + offset
        bytes.replaceSubrange(start..<start + 16, with: Array("tok_abcdefghijkl".utf8))
        try LocalFileSystem().write(bytes, to: path)
        #expect(try scan.variable(inFile: path, LocalFileSystem()) == "OTHER_TOKEN")
        bytes[start + 7] = 0
        try LocalFileSystem().write(bytes, to: path)
        #expect(try scan.variable(inFile: path, LocalFileSystem()) == nil)
    }

    @Test func `many needles are found as one by one`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            func bytes(_ count: Int) -> [UInt8] {
                (0..<count).map { _ in UInt8.random(in: 97...99, using: &generator) }
            }
            let needles = (0..<5).map { _ in bytes(.random(in: 2...6, using: &generator)) }
            let text = bytes(.random(in: 0...40, using: &generator))
            let found = text.withUnsafeBufferPointer { ByteNeedles(needles).first(in: $0) }
            let isThere = needles.contains { needle in
                text.indices.contains { text[$0...].starts(with: needle) }
            }
            #expect((found != nil) == isThere)
            if let found { #expect(text.indices.contains { text[$0...].starts(with: needles[found]) }) }
        }
    }
}
