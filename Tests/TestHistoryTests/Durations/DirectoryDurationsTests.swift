import Testing

@testable import TestHistory

@Suite struct DirectoryDurationsTests {
    @Test(arguments: [
        ("tests/unit/test_a.py", ["tests/unit", "tests", "."]), ("test_a.py", ["test_a", "."]),
        ("com.acme.CartTest", ["com.acme", "com", "."]), ("core::cart::add", ["core::cart", "core", "."]),
        ("./a/b.js", ["./a", "."]), ("/abs/b", ["/abs", "."]), ("", ["."]), ("///", ["."]), ("Suite", ["."]),
    ])
    func `every container has parents that end at the root`(container: String, parents: [String]) {
        #expect(DirectoryDurations.parents(of: container) == parents)
    }

    @Test func `the nearest known directory answers, with its subdirectories`() throws {
        let directories = DirectoryDurations([
            .init(name: "a/b/x.py", total: 10, tests: [1, 2, 3, 4]), .init(name: "a/c/y.py", total: 400, tests: [400]),
        ])
        let near = try #require(directories.nearest(to: "a/b/new.py"))
        #expect(near.name == "a/b")
        #expect(near.percentiles.test == 3)
        #expect(near.percentiles.container == 10)
        #expect(directories.nearest(to: "a/d/e/new.py")?.name == "a")
        #expect(directories.nearest(to: "a/d/e/new.py")?.percentiles.container == 400)
        #expect(directories.nearest(to: "other.py")?.name == ".")
    }

    @Test func `nothing known has no answer`() {
        #expect(DirectoryDurations([]).nearest(to: "a/b") == nil)
    }
}
