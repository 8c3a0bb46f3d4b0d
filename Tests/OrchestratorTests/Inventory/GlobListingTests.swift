import CICore
import SystemPackage
import Testing

@testable import Orchestrator

struct GlobListingTests {
    @Test(arguments: [
        (Suite.Selection(), ["a_test.x", "sub/b_test.x"], []),
        (.init(paths: ["sub/", "gone", "a*.x"]), ["a_test.x", "sub/b_test.x"], ["gone"]),
        (.init(paths: ["./helper.x"]), ["helper.x"], []),
        (.init(paths: ["s?b"]), ["sub/b_test.x"], []),
        (.init(include: ["**/helper.x", "*.nothing"]), ["helper.x"], ["*.nothing"]),
        (.init(include: ["vendor/ours/*.x"]), ["vendor/ours/c_test.x"], []),
        (.init(exclude: ["sub/**"]), ["a_test.x"], []),
        (.init(paths: ["."], exclude: ["**"]), [], []),
    ])
    func `files are found by paths and globs, and what matches nothing is named`(
        selection: Suite.Selection, files: [String], unmatched: [String]
    ) throws {
        let scratch = try ScratchDirectory()
        try scratch.write(["a_test.x": "", "helper.x": "", "sub/b_test.x": "", "vendor/ours/c_test.x": ""])
        let suite = Suite(name: "s", runner: "x", workingDirectory: scratch.path, selection: selection)
        let found = GlobListing(suite, defaults: ["**/*_test.x"]).found(using: scratch.tools)
        #expect(found.files == files)
        #expect(found.unmatched == unmatched)
    }
}
