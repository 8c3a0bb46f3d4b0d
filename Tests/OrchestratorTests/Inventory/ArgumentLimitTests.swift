import Testing

@testable import Orchestrator

struct ArgumentLimitTests {
    @Test func `a long list and one long word are refused`() {
        #expect(ArgumentLimit.allows(["pytest", "a.py"]))
        #expect(!ArgumentLimit.allows(Array(repeating: String(repeating: "x", count: 100), count: 10_000)))
        #expect(!ArgumentLimit.allows([String(repeating: "x", count: 140_000)]))
    }

    @Test func `groups keep every argument in order within the limit`() {
        let arguments = (0..<1_000).map { "test_\($0)" }
        let groups = ArgumentLimit.groups(of: arguments, limit: 500)
        #expect(groups.flatMap { $0 } == arguments)
        #expect(groups.allSatisfy { $0.reduce(0) { $0 + $1.utf8.count + 9 } <= 500 })
        #expect(ArgumentLimit.groups(of: [String(repeating: "x", count: 900)], limit: 500).count == 1)
    }
}
