import Testing

@testable import Orchestrator

struct GlobTests {
    @Test(arguments: [
        ("*.py", "a.py", true), ("*.py", "d/a.py", false), ("*.py", ".py", true), ("*.py", "a.pyc", false),
        ("**/*.py", "a.py", true), ("**/*.py", "d/e/a.py", true), ("d/**/a.py", "d/a.py", true),
        ("d/**/a.py", "d/x/y/a.py", true), ("d/**/a.py", "da.py", false), ("d/**", "d/x/y", true),
        ("d/**", "d", false), ("d/", "d/x/y", true), ("./a", "a", true), ("**", "a/b", true), ("a**b", "axxb", true),
        ("a**b", "a/b", false), ("**/b/**/c", "a/b/x/b/c", true), ("**/b/**/c", "a/b/x/b/d", false),
        ("a/**/**/b", "a/b", true), ("?.py", "é.py", true), ("?.py", "ab.py", false), ("?", "/", false),
        ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[^a-c]x", "dx", true), ("[é-ü]", "ö", true),
        ("[]]", "]", true), ("[a-]", "-", true), ("a[1", "a[1", true), ("a[/]b", "a/b", false), ("\\*", "*", true),
        ("\\*", "x", false), ("{a,b}.py", "b.py", true), ("{a,b}.py", "c.py", false), ("{a}", "{a}", true),
        ("x{,y}", "x", true), ("{a,{b,c}d}", "cd", true), ("{a", "{a", true), ("\\{a,b}", "{a,b}", true),
        ("test_*", "test_a\nb", true), ("", "", true), ("", "a", false), ("*", "", true),
        ("*a*b*c", "xaxbxc", true), ("*a*b*c", "xaxbx", false), ("**/*_test.{py,rb}", "x/y_test.rb", true),
    ])
    func `a pattern covers exactly what its rules say`(pattern: String, path: String, matches: Bool) {
        #expect(Glob(pattern).matches(path) == matches)
    }

    @Test func `a pattern made to explode ends quickly`() {
        let stars = Glob(String(repeating: "**/*a*", count: 40) + "b")
        #expect(!stars.matches(String(repeating: "a/", count: 2_000)))
        let braces = Glob(String(repeating: "{a,b}", count: 64))
        #expect(!braces.matches("c"))
    }

    @Test(arguments: [
        ("a/b/*.py", ["a/b"]), ("*.py", [""]), ("{x,y}/t/*", ["x/t", "y/t"]), ("a/b.py", ["a"]), ("a/[b]/c", ["a"]),
    ])
    func `the bases are the directories that all matches lie in`(pattern: String, bases: [String]) {
        #expect(Glob(pattern).bases == bases)
    }
}
