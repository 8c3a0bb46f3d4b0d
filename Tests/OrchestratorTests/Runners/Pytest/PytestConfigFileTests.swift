import Testing

@testable import Orchestrator

struct PytestConfigFileTests {
    private func words(_ text: String, in name: String, _ key: String) -> [String]? {
        guard let candidate = PytestSettings.candidates.first(where: { $0.name == name }) else { return nil }
        return PytestConfigFile(text, candidate)?.values?[key]?.words
    }

    @Test(arguments: [
        ("pytest.ini", "[pytest]\ntestpaths = a b\n"),
        ("pytest.ini", "# x\n[other]\na=1\n[pytest]\ntestpaths =\n    a\n    # no\n    b\nx = 1\n"),
        ("tox.ini", "[tox]\nenvlist = x\n\n[pytest]\ntestpaths: a b\n"),
        ("setup.cfg", "[tool:pytest]\r\ntestpaths = a b\r\n"),
        ("pyproject.toml", "[tool.pytest.ini_options]\ntestpaths = [\"a\", 'b'] # c\n"),
        (
            "pyproject.toml",
            "[project]\nname = \"x\"\n[tool.pytest.ini_options]\ntestpaths = [\n  \"a\", # c\n  \"b\",\n]\n"
        ),
        (
            "pyproject.toml",
            "x = \"\"\"\n[tool.pytest.ini_options]\n\"\"\"\n[tool.pytest.ini_options]\ntestpaths = \"a b\"\n"
        ),
        (
            "pyproject.toml",
            "[ tool.pytest.ini_options ]\na = {b = [1]}\n".replacing(
                "a = {b = [1]}", with: "testpaths = \"\"\"\na\nb\"\"\"")
        ),
        ("pyproject.toml", "[tool.pytest]\ntestpaths = [\"a\", \"b\"]\n"),
        ("pytest.toml", "[pytest]\ntestpaths = [\"a\", \"b\"]\n"),
    ])
    func `settings are read from every kind of file`(name: String, text: String) {
        #expect(words(text, in: name, "testpaths") == ["a", "b"])
    }

    @Test(arguments: [
        ("pyproject.toml", "[tool.pytest.ini_options]\ntestpaths = [\"a\"\n"),
        ("pyproject.toml", "[tool.\"pytest\".ini_options]\ntestpaths = []\n"),
        ("pyproject.toml", "tool.pytest.ini_options.testpaths = [\"a\"]\n"),
        ("pyproject.toml", "[tool.pytest]\nini_options = {testpaths = [\"a\"]}\n"),
        ("pyproject.toml", "[tool.pytest.ini_options]\naddopts = [1]\n"),
        ("pyproject.toml", "[tool.pytest.ini_options]\nnonsense\n"),
        ("pytest.ini", "[pytest\n"), ("pytest.ini", "stray = 1\n"),
    ])
    func `what is beyond this reader is left to pytest`(name: String, text: String) throws {
        let candidate = try #require(PytestSettings.candidates.first { $0.name == name })
        #expect(PytestConfigFile(text, candidate) == nil)
    }

    @Test func `an empty pytest.ini counts and a foreign pyproject.toml does not`() throws {
        let candidates = PytestSettings.candidates
        let ini = try #require(candidates.first { $0.name == "pytest.ini" })
        let toml = try #require(candidates.first { $0.name == "pyproject.toml" })
        #expect(PytestConfigFile("", ini)?.values == [:])
        let foreign = try #require(PytestConfigFile("[tool.black]\nline-length = 88\nx = [{a = \"]\"}]\n", toml))
        #expect(foreign.values == nil)
    }
}
