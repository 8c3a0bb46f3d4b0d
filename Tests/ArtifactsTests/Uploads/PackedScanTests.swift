import CICore
import SystemPackage
import Testing

@testable import Artifacts

/// Secrets in what is packed, and what keeps its content to itself.
@Suite struct PackedScanTests {
    private let scan = SecretScan(["THE_TOKEN": Secret("tok_abcdefghijkl")])

    /// What is found in a file that a Python program makes of `secret` at `path`.
    private func look(at program: String) throws -> PackedScan.Look {
        let path = FilePath("/tmp/dt-ci-packed-\(UInt64.random(in: 0 ... .max))")
        defer { try? LocalFileSystem().remove(path) }  // what stays is in a temporary directory
        let head =
            "import bz2, gzip, io, lzma, os, sys, tarfile, zipfile\npath = sys.argv[1]\n"
            + "secret = b'noise ' * 50000 + b'tok_abcdefghijkl' + b' noise' * 50000\n"
        let made = try Tool.run("python3", "-c", head + program, path.string)
        try #require(made.exitCode == 0, "\(made)")
        return try PackedScan(scan, LocalFileSystem()).look(into: path)
    }

    @Test(
        arguments: [
            ("open(path, 'wb').write(secret)", nil),
            ("open(path, 'wb').write(gzip.compress(secret))", "its content"),
            ("open(path, 'wb').write(gzip.compress(b'first') + gzip.compress(secret))", "its content"),
            ("open(path, 'wb').write(gzip.compress(secret)[:-40])", "its content"),
            (
                """
                archive = tarfile.open(path, 'w:gz'); info = tarfile.TarInfo('a/b'); info.size = len(secret)
                archive.addfile(info, io.BytesIO(secret)); archive.close()
                """, "its content"
            ),
            ("zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED).writestr('d/log.txt', secret)", "d/log.txt"),
            ("zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED).writestr('tok_abcdefghijkl', 'x')", nil),
        ] as [(String, String?)])
    func `a secret is found in what is packed`(program: String, member: String?) throws {
        let look = try look(at: program)
        #expect(look.variable == "THE_TOKEN")
        #expect(look.member == member)
    }

    @Test(arguments: [
        ("open(path, 'wb').write(lzma.compress(secret))", "xz is not unpacked"),
        ("open(path, 'wb').write(bz2.compress(secret))", "bzip2 is not unpacked"),
        (
            "zipfile.ZipFile(path, 'w', zipfile.ZIP_LZMA).writestr('a', secret)",
            "it has a packed by method 14, not stored or deflated"
        ),
        (
            "zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED).writestr('in.gz', gzip.compress(secret))",
            "in.gz is packed once more"
        ),
        ("open(path, 'wb').write(gzip.compress(gzip.compress(secret)))", "what it holds is packed once more"),
        ("open(path, 'wb').write(gzip.compress(bytes(200 << 20)))", "it unpacks to too much"),
        ("open(path, 'wb').write(gzip.compress(b'abcd' * 9999)[:16] + b'?' * 99)", "it has its content with content"),
        ("open(path, 'wb').write(b'PK\\x03\\x04 and no more')", "it is no zip archive"),
    ])
    func `what cannot be looked into is said with its reason`(program: String, reason: String) throws {
        let look = try look(at: program)
        #expect(look.variable == nil)
        #expect(look.obstacle?.hasPrefix(reason) == true, "\(look)")
    }

    @Test(arguments: [
        "open(path, 'wb').write(b'plain')", "open(path, 'wb').write(b'')",
        "open(path, 'wb').write(gzip.compress(b'harmless' * 100000))",
        "zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED).writestr('a', b'harmless' * 100000)",
        "zipfile.ZipFile(path, 'w').close()",
    ])
    func `what is harmless is clean`(program: String) throws {
        #expect(try look(at: program) == PackedScan.Look())
    }
}
