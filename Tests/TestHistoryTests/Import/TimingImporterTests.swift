import CICore
import SystemPackage
import Testing

@testable import TestHistory

@Suite struct TimingImporterTests {
    private static let fixtures = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .appending("Fixtures").appending("imports")

    private func source(_ name: String, root: FilePath = "/project") throws -> ImportSource {
        let files = LocalFileSystem()
        let bytes = try files.contents(of: Self.fixtures.appending(name), limit: 1 << 20)
        return ImportSource(name: name, bytes: bytes, root: root, files: files)
    }

    private func source(text: String) -> ImportSource {
        ImportSource(name: "given.json", bytes: Array(text.utf8), root: "/project", files: LocalFileSystem())
    }

    /// `selector @ container: outcome seconds, …` of each test.
    private func lines(_ tests: [ImportedTest]) -> [String] {
        tests.map { test in
            let attempts = test.attempts.map { "\($0.outcome) \(DurationText.decimal($0.duration.seconds, places: 3))" }
            return "\(test.names.selector) @ \(test.names.container): \(attempts.joined(separator: ", "))"
        }
    }

    @Test(arguments: [
        ("pytest-split.json", "pytest-split"), ("pytest-split-list.json", "pytest-split"), ("jest.json", "jest"),
        ("circleci.json", "circleci"), ("circleci-api.json", "circleci"), ("parallel-tests.log", "parallel-tests"),
        ("playwright.json", "playwright"),
    ])
    func `the kind is told by the content, by one format alone`(fixture: String, id: String) throws {
        let bytes = try source(fixture).bytes
        #expect(TimingImporters.recognising(bytes)?.id == id)
        #expect(TimingImporters.all.filter { $0.recognises(ImportHead(bytes)) }.map(\.id) == [id])
    }

    @Test(arguments: [
        "", " \n", "<testsuites/>", "{\"Time\":\"x\",\"Action\":\"run\"}", "hello", "{", "[", "{\"a\"", "[1,2]",
        "{\"a\":\"b\"}", "TAP version 13\nok 1 - a", ":1", "\u{FF}\u{0}",
    ])
    func `what is none of them is not claimed`(text: String) {
        #expect(TimingImporters.recognising(Array(text.utf8)) == nil)
    }

    @Test func `pytest-split's durations are read`() throws {
        #expect(
            try lines(PytestSplitImporter().read(source("pytest-split.json"))) == [
                "tests/test_cart.py::TestCart::test_add[1-2] @ tests/test_cart.py: passed 0.250",
                "tests/test_cart.py::test_empty @ tests/test_cart.py: passed 0.001",
                "tests/test_ünï \"q\".py::test_x @ tests/test_ünï \"q\".py: passed 2.000",
            ])
        let list = try lines(PytestSplitImporter().read(source("pytest-split-list.json")))
        #expect(list == (try lines(PytestSplitImporter().read(source("pytest-split.json")))).dropLast())
        #expect(try PytestSplitImporter().read(source(text: " {} ")).isEmpty)
    }

    @Test func `Jest's cache is read, paths relative to the project`() throws {
        #expect(
            try lines(JestImporter().read(source("jest.json"))) == [
                "/elsewhere/x.test.js @ /elsewhere/x.test.js: passed 0.005",
                "src/broken.test.js @ src/broken.test.js: failed 0.080",
                "src/cart.test.js @ src/cart.test.js: passed 1.250",
            ])
    }

    @Test func `CircleCI's timings are read, with Python's files found in the tree`() async throws {
        try await withTemporaryDirectory { root in
            let files = LocalFileSystem()
            try files.createDirectory(root.appending("tests"))
            try files.write([], to: root.appending("tests").appending("test_found.py"))
            #expect(
                try lines(CircleCIImporter().read(source("circleci.json", root: root))) == [
                    "tests/test_cart.py::TestCart::test_add @ tests/test_cart.py: passed 0.500",
                    "com.acme.CartTest.adds @ com.acme.CartTest: failed 1.500",
                    "tests/test_found.py::TestX::test_y @ tests/test_found.py: skipped 0.000",
                ])
        }
        #expect(
            try lines(CircleCIImporter().read(source("circleci-api.json")))
                == ["spec/cart_spec.rb::adds @ spec/cart_spec.rb: passed 2.250"])
    }

    @Test func `parallel_tests' log is read`() throws {
        #expect(
            try lines(ParallelTestsImporter().read(source("parallel-tests.log"))) == [
                "spec/models/cart_spec.rb @ spec/models/cart_spec.rb: passed 12.500",
                "spec/a:b_spec.rb @ spec/a:b_spec.rb: passed 0.750",
                "spec/zero_spec.rb @ spec/zero_spec.rb: passed 0.000",
            ])
    }

    @Test func `Playwright's report is read with its attempts and projects`() throws {
        #expect(
            try lines(PlaywrightImporter().read(source("playwright.json"))) == [
                "e2e/cart.spec.ts:4 @ e2e/cart.spec.ts: errored 30.000, passed 1.200",
                "e2e/cart.spec.ts:4 @ e2e/cart.spec.ts: passed 1.500",
                "e2e/cart.spec.ts:10 @ e2e/cart.spec.ts: passed 0.700",
                "e2e/cart.spec.ts:14 @ e2e/cart.spec.ts: skipped 0.000",
            ])
    }

    @Test(arguments: [
        ("pytest-split", "{\"a\": 1,\n \"b\": }", "given.json: line 2, column 7: this is no JSON: unexpected \"}\""),
        ("pytest-split", "{\"a\": 1, ", "given.json: line 1, column 10: the JSON ends in the middle"),
        ("pytest-split", "{\"a\": 1, \"b\": \"x\"}", "given.json: [\"b\"]: expected a number"),
        ("jest", "{\"/a\": [1, 2], \"/b\": [1]}", "given.json: [\"/b\"]: expected [0 or 1, milliseconds]"),
        (
            "circleci", "{\"tests\": [{\"run_time\": 1}, {\"run_time\": \"1\"}]}",
            "given.json: [\"tests\"][1][\"run_time\"]: expected a number"
        ),
        (
            "circleci", "{\"next_page_token\": 1}",
            "given.json: line 1, column 1: neither \"tests\" nor \"items\" is there"
        ),
        ("playwright", "{\"config\": {}}", "given.json: line 1, column 1: \"suites\" is missing"),
        ("parallel-tests", "a:1\nb:x\n", "given.json: line 2: expected PATH:SECONDS"),
    ])
    func `a bad file is named with its position`(id: String, text: String, message: String) throws {
        let importer = try #require(TimingImporters.all.first { $0.id == id })
        let error = #expect(throws: HistoryError.self) { try importer.read(source(text: text)) }
        #expect(error?.code == .malformedImport)
        #expect(error?.description == message)
    }

    @Test(arguments: TimingImporters.all.map(\.id))
    func `no file that is cut off or damaged ends in a crash`(id: String) throws {
        let importer = try #require(TimingImporters.all.first { $0.id == id })
        for fixture in ["pytest-split.json", "jest.json", "circleci.json", "parallel-tests.log", "playwright.json"] {
            let whole = try source(fixture)
            for length in stride(from: 0, to: whole.bytes.count, by: 7) {
                var part = whole
                part.bytes = Array(whole.bytes.prefix(length))
                _ = try? importer.read(part)  // an error is an answer
                part.bytes = whole.bytes
                part.bytes[length] ^= 0xFF
                _ = try? importer.read(part)  // an error is an answer
            }
        }
    }

    @Test(arguments: ["1e999", "-5", "1e300"])
    func `absurd durations are bounded`(number: String) throws {
        // A number that is none for the decoder is refused, which is right too.
        guard let tests = try? PytestSplitImporter().read(source(text: "{\"a\": \(number)}")) else { return }
        let duration = try #require(tests.first?.attempts.first?.duration)
        #expect((.zero ... .seconds(31_536_000)).contains(duration))
    }
}
