import Artifacts
import CICore
import Testing

struct ResultsStreamTests {
    /// What a document comes to that arrives in pieces of so many bytes.
    private func read(_ bytes: [UInt8], piece: Int = 1 << 16) -> (tests: [TestRecord], head: ResultsStream.Head) {
        var stream = ResultsStream()
        var tests: [TestRecord] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + piece)
            Array(bytes[start..<end]).withUnsafeBufferPointer { stream.feed($0) { test, _ in tests.append(test) } }
            start = end
        }
        return (tests, stream.finish())
    }

    private func written(_ results: RunResults) -> [UInt8] {
        var bytes: [UInt8] = []
        ResultsV1.write(results) { bytes += $0 }
        return bytes
    }

    private func some(_ count: Int) -> RunResults {
        var generator = SystemRandomNumberGenerator()
        var results = RunResults(tests: RandomTests.records(count, using: &generator), duration: .milliseconds(1_234))
        results.warnings = ["one \"two\" ]}", "three"]
        results.completeness = Completeness(ran: 5, skipped: 1, quarantined: 2, lost: ["s::gone"])
        return results
    }

    @Test(arguments: [1, 2, 7, 64, 1 << 16]) func `pieces of any size make the same results`(piece: Int) {
        let results = some(40)
        let (tests, head) = read(written(results), piece: piece)
        #expect(tests == results.tests)
        #expect(head.damage == nil)
        #expect(head.completeness == results.completeness)
        #expect(head.warnings == results.warnings)
        #expect(head.duration == results.duration)
    }

    @Test func `cut anywhere, it gives what was whole before the cut, and says that it is cut`() {
        let results = some(5)
        let bytes = written(results)
        // The line feed at the end may be missing.
        for end in 0..<bytes.count - 1 {
            let (tests, head) = read(Array(bytes[..<end]))
            #expect(tests == Array(results.tests.prefix(tests.count)))
            #expect(head.damage != nil, "cut at \(end)")
        }
    }

    @Test(arguments: [
        "", "   ", "null", "[]", "42", "{", "}", "]", "{}{}", "{\"tests\":[]}", "not json at all",
        "{\"schema\":7,\"tests\":[]}",
        "{\"schema\":\"dt-ci/plan/v1\",\"tests\":[]}", "{\"schema\":\"dt-ci/results/v2\",\"tests\":[]}",
        "{\"schema\":\"dt-ci/results/v1\",\"tests\":[{}]}", "{\"schema\":\"dt-ci/results/v1\",\"tests\":[}}",
        "{\"schema\":\"dt-ci/results/v1\",\"tests\":[1,2]}", "{\"schema\":\"dt-ci/results/v1\",\"tests\":[]]",
        "{\"schema\":\"dt-ci/results/v1\",\"tests\":[]} trailing",
        "{\"tests\":[{\"id\":\"a\",\"outcome\":\"passed\"}]}",
        "{\"schema\":\"dt-ci/results/v1\",\"tests\":[{\"id\":\"a\",\"outcome\":\"victory\"}]}",
    ]) func `what is no sound document says so`(text: String) {
        #expect(read(Array(text.utf8)).head.damage != nil)
    }

    @Test func `a newer version is refused with what to do`() {
        let head = read(Array("{\"schema\":\"dt-ci/results/v9\",\"tests\":[]}".utf8)).head
        #expect(head.damage?.code == .newer)
        #expect(head.damage?.description.contains("update dt-ci") == true)
    }
}
