import Artifacts
import CICore
import Testing

@Suite struct ResultsV1Tests {
    private func written(_ results: RunResults) -> [UInt8] {
        var bytes: [UInt8] = []
        ResultsV1.write(results) { bytes += $0 }
        return bytes
    }

    private func read(_ bytes: [UInt8]) throws -> RunResults {
        try bytes.withUnsafeBufferPointer { try ResultsV1.read($0) }
    }

    private func read(_ text: String) throws -> RunResults { try read(Array(text.utf8)) }

    @Test(arguments: 0..<20)
    func `results are read back as they were written`(round: Int) throws {
        var generator = SystemRandomNumberGenerator()
        var results = RunResults(
            tests: RandomTests.records(round * 5, using: &generator), duration: .milliseconds(1_234))
        results.files = [.init(path: "a.xml", totals: results.totals, warning: round % 2 == 0 ? nil : "truncated")]
        results.warnings = ["one", "two"]
        results.completeness = Completeness(ran: 5, skipped: 1, quarantined: 2, lost: ["s::gone"])
        let failed = results.failures.prefix(2).map(\.id)
        results.verdict = .init(exitCode: .signal(15), reason: "cancelled", quarantined: Set(failed))
        for test in results.failures.prefix(3) {
            results.background[test.id] = TestBackground(past: TestBackground.PastOutcome.allCases, command: "a 'b c'")
        }
        results.nodes = [
            NodeRecord(index: 0, hardware: "linux-x86_64-2cpu"), NodeRecord(index: 1, hardware: nil, lost: 3),
        ]
        #expect(try read(written(results)) == results)
    }

    @Test func `the document has the keys that others rely on`() throws {
        let attempt = Attempt(outcome: .failed, duration: .milliseconds(1_500), reason: .init(message: "m"))
        let test = TestRecord(
            id: "s::c::n",
            identity: TestIdentity(suite: "s", className: "c", name: "n", location: .init(file: "f.py", line: 3)),
            container: "f.py", attempts: [attempt])
        let bytes = written(RunResults(tests: [test], duration: .seconds(2)))
        let json = try #require(bytes.withUnsafeBufferPointer { JSONValue($0) })
        #expect(json["schema"]?.string == "dt-ci/results/v1")
        #expect(json["totals"]?["failed"]?.int == 1)
        #expect(json["seconds"]?.double == 2)
        #expect(json["completeness"] == .null)
        let first = try #require(json["tests"]?.array.first)
        #expect(first["file"]?.string == "f.py")
        #expect(first["class"]?.string == "c")
        #expect(first["outcome"]?.string == "failed")
        #expect(first["attempts"]?.array.first?["message"]?.string == "m")
        #expect(first["attempts"]?.array.first?["seconds"]?.double == 1.5)
        #expect(bytes.last == 0x0A)
    }

    @Test func `unknown keys are passed over and absent ones have a default`() throws {
        let results = try read(
            """
            {"schema":"dt-ci/results/v1","later":{"a":[1,{"b":"}]"}]},"tests":[
              {"id":"s::n","outcome":"skipped","seconds":0.5,"more":true}],"files":[{"path":"x","tests":1}]}
            """)
        #expect(results.tests.map(\.outcome) == [.skipped])
        #expect(results.totals.skipped == 1)
        #expect(results.files.map(\.path) == ["x"])
    }

    @Test(arguments: [
        ("{\"schema\":\"dt-ci/results/v2\",\"tests\":[]}", ResultsError.Code.newer),
        ("{\"schema\":\"dt-ci/plan/v1\"}", .notResults), ("{}", .notResults), ("[]", .malformed), ("", .malformed),
        ("{\"schema\":\"dt-ci/results/v1\",\"tests\":[{\"id\":\"a\"}]}", .malformed),
        ("{\"schema\":\"dt-ci/results/v1\",\"tests\":[{\"id\":\"a\",\"outcome\":\"passed\"}", .malformed),
    ])
    func `what cannot be read is refused with the reason`(text: String, code: ResultsError.Code) {
        let error = #expect(throws: ResultsError.self) { try read(text) }
        #expect(error?.code == code)
        #expect(error?.description.isEmpty == false)
    }

    @Test func `bytes at random never crash`() throws {
        var generator = SystemRandomNumberGenerator()
        let sound = written(RunResults(tests: RandomTests.records(3, using: &generator)))
        for _ in 0..<300 {
            var bytes = sound
            for _ in 0..<Int.random(in: 1..<20, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
            // Refusing is as good as reading.
            _ = try? read(bytes)
        }
    }
}
