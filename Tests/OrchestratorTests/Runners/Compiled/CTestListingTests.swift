import Artifacts
import CICore
import Testing

@testable import Orchestrator

@Suite struct CTestListingTests {
    private func listing(_ tests: String) throws -> CTestListing {
        try #require(CTestListing(Array("{\"kind\": \"ctestInfo\", \"tests\": [\(tests)]}".utf8)))
    }

    @Test func `what CMake knows of a test becomes what the plan must respect`() throws {
        let found = try listing(
            """
            {"name": "gpu", "command": ["x"], "properties": [
                {"name": "COST", "value": 3.5}, {"name": "LABELS", "value": ["gpu", "slow"]},
                {"name": "RUN_SERIAL", "value": true},
                {"name": "RESOURCE_GROUPS", "value": [
                    {"requirements": [{".type": "gpus", "slots": 2}]},
                    {"requirements": [{".type": "gpus", "slots": 2}]},
                    {"requirements": [{".type": "cpus", "slots": 1}, {".type": "gpus", "slots": 1}]}]}]},
            {"name": "unbuilt", "properties": []}
            """)
        let gpu = try #require(found.tests.first)
        #expect(gpu.cost == 3.5)
        #expect(gpu.labels == ["gpu", "slow"])
        #expect(gpu.isSerial)
        #expect(gpu.resourceGroups == ["2,gpus:2", "cpus:1,gpus:1"])
        #expect(found.tests.map(\.hasCommand) == [true, false])
    }

    @Test func `fixtures, locks and dependencies tie tests together, also by way of others`() throws {
        func test(_ name: String, _ property: String, _ value: String) -> String {
            "{\"name\": \"\(name)\", \"properties\": [{\"name\": \"\(property)\", \"value\": [\"\(value)\"]}]}"
        }
        let found = try listing(
            [
                test("up", "FIXTURES_SETUP", "db"), test("use", "FIXTURES_REQUIRED", "db"),
                test("after", "DEPENDS", "use"), test("a", "RESOURCE_LOCK", "port"), test("b", "RESOURCE_LOCK", "port"),
                test("alone", "LABELS", "db"), test("dangling", "DEPENDS", "nobody"),
            ].joined(separator: ","))
        let bonds = found.bonds
        #expect(Set(["up", "use", "after"].map { bonds[$0] }).count == 1)
        #expect(bonds["up"] != nil)
        #expect(bonds["a"] == bonds["b"])
        #expect(bonds["a"] != bonds["up"])
        #expect(bonds["alone"] == nil)
        #expect(bonds["dangling"] == nil)
    }

    @Test(arguments: ["", "{}", "[1]", "{\"kind\": \"other\"}", "{\"kind\": \"ctestInfo\""])
    func `what is no listing is none`(text: String) {
        #expect(CTestListing(Array(text.utf8)) == nil)
    }

    @Test func `a cut off output tells what ran and what was running`() {
        let output = CTestOutput(
            """
                  Start  1: adds
             1/10 Test  #1: adds .............................   Passed    0.25 sec
                  Start  2: odd: [name] #3
             2/10 Test  #2: odd: [name] #3 ...................***Failed    0.00 sec
                  Start  6: skip
             5/10 Test  #6: skip .............................***Skipped   0.01 sec
                  Start 12: missing
            10/10 Test #12: missing ..........................***Not Run   0.00 sec
            Start of something else
                  Start  4: crash
                  Start x: y
            """)
        #expect(output.finished.map(\.name) == ["adds", "odd: [name] #3", "skip", "missing"])
        #expect(output.finished.map(\.outcome) == [.passed, .failed, .skipped, .failed])
        #expect(output.finished.first?.attempts.first?.duration == .milliseconds(250))
        #expect(output.running == ["crash"])
    }
}
