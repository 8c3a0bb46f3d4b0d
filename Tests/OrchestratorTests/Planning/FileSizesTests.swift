import CICore
import Testing

@testable import Orchestrator

struct FileSizesTests {

    @Test func `files count by their size, within bounds, and everything else as usual`() throws {
        let scratch = try ScratchDirectory()
        try scratch.write([
            "small": String(repeating: "x", count: 50), "large": String(repeating: "x", count: 150), "empty": "",
            "huge": String(repeating: "x", count: 10_000),
        ])
        let files = ["small", "large", "gone", ".", "../x"].map {
            TestUnit(suite: "s", selector: $0, granularity: .file)
        }
        let sizes = FileSizes(of: files, in: scratch.path, using: LocalFileSystem())
        let usual = Duration.milliseconds(400)
        #expect(
            files.map { sizes.scaled(usual, for: $0) } == [.milliseconds(200), .milliseconds(600), usual, usual, usual])
        #expect(sizes.scaled(usual, for: TestUnit(suite: "s", selector: "small", granularity: .test)) == usual)
        #expect(FileSizes.unknown.scaled(usual, for: files[0]) == usual)
    }

    @Test func `no file counts for nothing or for too much`() throws {
        let scratch = try ScratchDirectory()
        var contents = ["empty": "", "huge": String(repeating: "x", count: 100_000)]
        for number in 0..<98 { contents["f\(number)"] = "" }
        try scratch.write(contents)
        let files = contents.keys.map { TestUnit(suite: "s", selector: $0, granularity: .file) }
        let sizes = FileSizes(of: files, in: scratch.path, using: LocalFileSystem())
        let guesses = ["empty", "huge"].map {
            sizes.scaled(.milliseconds(400), for: TestUnit(suite: "s", selector: $0, granularity: .file))
        }
        #expect(guesses == [.milliseconds(50), .milliseconds(3200)])
    }
}
