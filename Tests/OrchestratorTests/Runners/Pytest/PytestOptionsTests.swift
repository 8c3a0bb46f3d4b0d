import Testing

@testable import Orchestrator

struct PytestOptionsTests {
    @Test(arguments: [
        "", "-q", "-vv -ra", "-x --maxfail=1 --lf", "-n auto --dist loadfile", "-n4", "--cov --cov-report term",
        "--cov=src -p no:warnings", "-m 'not slow' -k a", "--strict-markers --tb=short -W error",
        "-o xfail_strict=true",
        "--import-mode=importlib --durations 10", "--junit-xml=x.xml", "--deselect t.py::a",
    ])
    func `options without a say in collection are harmless`(text: String) throws {
        #expect(!PytestOptions(try #require(ShellWords.split(text))).changesCollection)
    }

    @Test(arguments: [
        "tests", "--doctest-modules", "--pyargs pkg", "-p myplugin", "--nbval", "-c other.ini", "-o python_files=*.py",
        "--ignore-glob=*x*", "--doctest-glob='*.rst'", "-z", "--rootdir=x", "-p no:python", "-qz",
    ])
    func `options that may change it are not guessed`(text: String) throws {
        #expect(PytestOptions(try #require(ShellWords.split(text))).changesCollection)
    }

    @Test func `ignored paths are kept`() {
        #expect(PytestOptions(["--ignore=docs", "--ignore", "tests/x.py", "-q"]).ignored == ["docs", "tests/x.py"])
        #expect(!PytestOptions(["--ignore"]).changesCollection)
    }

    @Test(arguments: [
        ("a 'b c' \"d\\\"e\" f\\ g", ["a", "b c", "d\"e", "f g"]), ("", []), ("''", [""]), ("a'b", nil), ("a\\", nil),
        ("\"a\\n\"", ["a\\n"]),
    ])
    func `words are split as a shell does`(text: String, words: [String]?) {
        #expect(ShellWords.split(text) == words)
    }
}
