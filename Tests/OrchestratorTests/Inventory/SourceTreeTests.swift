import CICore
import SystemPackage
import Testing

@testable import Orchestrator

struct SourceTreeTests {
    @Test func `a tree lists sources and leaves out what holds none`() throws {
        let scratch = try ScratchDirectory()
        try scratch.write([
            "a.py": "", "z/é b.py": "", "z/a.py": "", "z-a.py": "", ".git/config": "", "node_modules/x/i.js": "",
            "env/pyvenv.cfg": "", "env/lib/test_x.py": "", "crate/Cargo.toml": "", "crate/target/debug/t": "",
            "target/kept.txt": "", "vendor/v.go": "", "out/CMakeCache.txt": "", "out/CTestTestfile.cmake": "",
        ])
        try scratch.link("loop", to: ".")
        try scratch.link("z/again.py", to: "a.py")
        let tree = SourceTree(scanning: scratch.path, with: LocalFileSystem())
        #expect(
            tree.files == [
                "a.py", "crate/Cargo.toml", "target/kept.txt", "z-a.py", "z/a.py", "z/again.py", "z/é b.py",
            ])
        #expect(Set(tree.leftOut) == [".git", "node_modules", "env", "crate/target", "vendor", "out"])
        #expect(tree.exists("out/CTestTestfile.cmake"))
        #expect(tree.files(matching: "**/*.py").count == 5)
    }

    @Test func `a directory that is not there is an empty tree`() {
        #expect(SourceTree(scanning: "/nonexistent/dt-ci", with: LocalFileSystem()).files.isEmpty)
    }
}
