import Testing

@testable import Orchestrator

struct ByteSizeTests {
    @Test(
        arguments: [
            ("16GB", 16_000_000_000), ("16GiB", 17_179_869_184), ("1.5 gb", 1_500_000_000), ("512MiB", 536_870_912),
            ("7B", 7),
            ("2TB", 2_000_000_000_000), ("1kb", 1000), ("1KiB", 1024), ("16", nil), ("GB", nil), ("1.2.3GB", nil),
            ("-1GB", nil),
            ("9999999999TiB", nil), ("16G", nil), ("", nil),
        ] as [(String, Int?)])
    func `a size is a number with its unit`(text: String, bytes: Int?) { #expect(ByteSize.parse(text) == bytes) }

    @Test(arguments: [
        (16_000_000_000, "16GB", "16 GB"), (17_179_869_184, "16GiB", "17.2 GB"), (1, "1B", "1 B"), (0, "0B", "0 B"),
        (1_500_000_000, "1500MB", "1.5 GB"), (1_000_000_001, "1000000001B", "1 GB"), (2048, "2KiB", "2 kB"),
    ]) func `a size is written exactly, and shortly`(bytes: Int, exact: String, short: String) {
        #expect(ByteSize.exact(bytes) == exact)
        #expect(ByteSize.parse(exact) == bytes)
        #expect(ByteSize.short(bytes) == short)
    }
}
