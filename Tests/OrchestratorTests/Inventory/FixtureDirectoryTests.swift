import Testing

@testable import Orchestrator

struct FixtureDirectoryTests {
    @Test(arguments: [
        ("tests/fixtures/app/pytest.ini", "tests/fixtures"),
        ("Tests/ATests/Fixtures/go/go.mod", "Tests/ATests/Fixtures"),
        ("testdata/a/go.mod", "testdata"), ("pkg/test-data/x", "pkg/test-data"), ("a/TestData", "a/TestData"),
        ("web/__fixtures__/package.json", "web/__fixtures__"),
        ("core/src/test/resources/p/pom.xml", "core/src/test/resources"),
        ("src/integrationTest/resources/p/pom.xml", "src/integrationTest/resources"),
        ("third_party/x/go.mod", "third_party"),
        ("{{cookiecutter.slug}}/pytest.ini", "{{cookiecutter.slug}}"), ("a/fixtures/b/fixtures/c", "a/fixtures"),
    ])
    func `material for tests is told by its directory`(path: String, directory: String) {
        #expect(FixtureDirectory(around: path)?.path == directory)
    }

    @Test(arguments: [
        "tests/test_fixtures.py", "fixtures.go", "src/fixtureset/go.mod", "src/main/resources/pom.xml",
        "resources/go.mod",
        "examples/go.mod", "",
    ])
    func `the project's own tests are not material`(path: String) {
        #expect(FixtureDirectory(around: path) == nil)
    }
}
