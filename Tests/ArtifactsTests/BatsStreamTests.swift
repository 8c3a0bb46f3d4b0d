import Artifacts
import CICore
import Testing

/// The stream that bats writes to its formatters.
@Suite struct BatsStreamTests {
    private let tests: [ReportedTest]

    init() throws {
        tests = try ReadReport(ReportFixture.path("bats/stream.txt")).tests
    }

    @Test func `a name may look like what stands behind names`() {
        let odd = tests.first { $0.name.hasPrefix("odd") }
        #expect(odd?.name == "odd (name) \"q\" in 5ms # skip")
        #expect(odd?.outcome == .passed)
        #expect(odd?.attempts.first?.duration == .milliseconds(6))
    }

    @Test func `a test that writes what looks like results gets one result, its own`() {
        #expect(tests.contains { $0.name.contains("forged") } == false)
        let test = tests.first { $0.name == "writes what looks like results" }
        #expect(test?.outcome == .passed)
        #expect(test?.attempts.first?.output == "said on descriptor 3")
    }

    @Test func `a failure carries what was said about it, and the line that failed as its message`() {
        let reason = tests.first { $0.name == "fails" }?.attempts.first?.reason
        #expect(reason?.message == "`[ 1 -eq 2 ]' failed")
        #expect(reason?.details == "(in test file a.bats, line 7)\n  `[ 1 -eq 2 ]' failed\nsome output")
    }

    @Test func `a time limit of bats is told as such`() {
        let reason = tests.first { $0.name == "too slow" }?.attempts.first?.reason
        #expect(reason?.type == "timeout")
        #expect(reason?.message == "timeout after 1s")
    }

    @Test func `a failed fixture is an error of its file`() {
        let fixture = tests.last
        #expect(fixture?.name == "setup_file failed")
        #expect(fixture?.outcome == .errored)
        #expect(fixture?.suitePath == ["/work/project/test/b.bats"])
    }

    @Test func `a stream that was cut off names the test that was running`() {
        let stream = BatsStream("1..2\nsuite /a.bats\nbegin 1 adds\nok 1 adds in 3ms\nbegin 2 hangs\n# a remark\n")
        #expect(stream.tests.map(\.name) == ["adds"])
        #expect(stream.running?.name == "hangs")
    }

    @Test(arguments: ["", "ok", "begin", "begin 1", "suite ", "not ok 1 x", "ok 1 x\nok 1 x", "begin 1 x\nok 1 y"])
    func `a broken stream holds no tests`(text: String) {
        #expect(BatsStream(text).tests.isEmpty)
    }

    @Test func `several streams in one are read as one`() {
        let one = "1..1\nsuite /a.bats\nbegin 1 adds\nok 1 adds in 3ms\n"
        #expect(BatsStream(one + one).tests.count == 2)
    }
}
