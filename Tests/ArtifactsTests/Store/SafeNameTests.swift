import Artifacts
import Testing

@Suite struct SafeNameTests {
    @Test(arguments: [
        "report.html", "a b.txt", "-dash", ".hidden", "größe.txt", "日本語", "con-text", "console", "COM10", "a%3Ab", "~x",
        String(repeating: "x", count: 255),
    ]) func `a name that every system has stays as it is`(name: String) {
        #expect(SafeName(name).text == name)
        #expect(!SafeName(name).isChanged)
    }

    @Test(arguments: [
        ("a:b", "a%3Ab"), ("line\nbreak", "line%0Abreak"), ("tab\tand\u{7f}", "tab%09and%7F"), ("what?*", "what%3F%2A"),
        ("back\\slash", "back%5Cslash"), ("dot.", "dot%2E"), ("space ", "space%20"), ("...", "..%2E"),
        ("con", "%63on"), ("NUL.txt", "%4EUL.txt"), ("lpt1", "%6Cpt1"), ("com¹.log", "%63om¹.log"),
        ("\u{202E}gnp.exe", "%E2%80%AEgnp.exe"), ("<a>|\"b\"", "%3Ca%3E%7C%22b%22"), ("\u{1b}[31m", "%1B[31m"),
    ]) func `what some system cannot have is written out`(name: String, safe: String) {
        #expect(SafeName(name).text == safe)
        #expect(SafeName(name).isChanged)
        #expect(!SafeName(safe).isChanged, "a safe name is safe")
    }

    @Test func `bytes that are no UTF-8 are written out`() {
        let safe = [0x61, 0xff, 0xc3, 0x62].withUnsafeBufferPointer { SafeName($0) }
        #expect(safe.text == "a%FF%C3b")
    }

    @Test func `a name that grows too long ends with a digest and its extension`() {
        let long = SafeName(String(repeating: "?", count: 120) + ".txt")
        #expect(long.text.utf8.count <= 255)
        #expect(long.text.hasPrefix("%3F%3F") && long.text.hasSuffix(".txt"))
        #expect(long != SafeName(String(repeating: "?", count: 121) + ".txt"))
        #expect(!SafeName(long.text).isChanged)
    }

    @Test(arguments: ["", "a\nb", "\u{0}", String(repeating: "x", count: 201), "\u{202E}"])
    func `an artifact cannot be called anything`(name: String) {
        #expect(throws: StoreError.self) { try ArtifactName(name) }
    }

    @Test func `artifacts of different names have different files, also where case does not count`() throws {
        let names = ["a", "A", "a/b", "a%2Fb", "a b", "ä", ".a", "con", "a?", String(repeating: "ü", count: 100)]
        let files = try names.map { try ArtifactName($0).fileName }
        #expect(Set(files.map { $0.lowercased() }).count == names.count)
        for file in files {
            #expect(!SafeName(file).isChanged)
            #expect(file.utf8.count <= 200)
        }
        #expect(try ArtifactName("test-results.2").fileName == "test-results.2")
    }
}

@Suite struct ArtifactPathTests {
    @Test(arguments: [
        "", "/etc/passwd", "../x", "a/../b", "a//b", "a/", "./a", "a/./b", "a\\b", "a:b", "line\nbreak", "a/con",
        "x/..",
        String(repeating: "a/", count: 3000) + "b",
    ]) func `a path that could harm is refused`(path: String) {
        #expect(ArtifactPath.problem(with: path) != nil)
    }

    @Test(arguments: ["a", "a/b/c.txt", ".hidden/x", "a b/ü", "..a/b..c"]) func `a plain path is fine`(path: String) {
        #expect(ArtifactPath.problem(with: path) == nil)
    }

    @Test func `what is in a directory stands together`() {
        let paths = ["a", "a/b", "a/b/c", "a/c", "a b", "a-b", "a.b", "a0", "b"]
        #expect(paths.shuffled().sorted(by: ArtifactPath.precedes) == paths)
        #expect(!ArtifactPath.precedes("a", "a"))
    }

    @Test(arguments: [
        ("b", "a"), ("./b", "a"), ("../b", "d/a"), ("../../b/c", "d/e/a"), ("d/e/f", "a"), ("..", "d/a"), ("./", "a"),
    ]) func `a link inside the artifact is kept`(target: String, path: String) {
        #expect(ArtifactPath.isInside(target: target, at: path))
    }

    @Test(arguments: [
        ("/etc/passwd", "a"), ("..", "a"), ("../../b", "d/a"), ("d/../../b", "a"), ("", "a"), ("a\nb", "x"),
        // Inside by its words, but outside if d is a link to a directory at the top.
        ("d/../b", "a"), ("d\\..\\b", "a"),
    ]) func `a link that leads out, alone or through others, is not`(target: String, path: String) {
        #expect(!ArtifactPath.isInside(target: target, at: path))
    }
}

@Suite struct SizeTextTests {
    @Test(arguments: [
        ("5GB", 5_000_000_000), ("1.5 GiB", 1_610_612_736), ("300k", 300_000), ("10M", 10_000_000), ("7", 7),
        ("12 b", 12),
        ("1_000", 1000), ("2Mi", 2_097_152),
    ]) func `sizes are read as people write them`(text: String, bytes: Int64) {
        #expect(SizeText.parse(text) == bytes)
    }

    @Test(arguments: ["", "GB", "5 parsecs", "-1", "1e30GB", "5GBx", "1..5k"]) func `what is no size is none`(
        text: String
    ) {
        #expect(SizeText.parse(text) == nil)
    }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1.00 kB"), (1_240_000, "1.24 MB"), (53_123_000_000, "53.1 GB"),
        (999_999, "999 kB"), (5_000_000_000_000, "5.00 TB"),
    ]) func `sizes are shown in three figures`(bytes: Int64, text: String) {
        #expect(SizeText.short(bytes) == text)
    }

    @Test(arguments: [50 << 30, 5_000_000_000, 7, 0, 1536] as [Int64]) func `an exact size is read again`(bytes: Int64)
    {
        #expect(SizeText.parse(SizeText.exact(bytes)) == bytes)
    }
}
