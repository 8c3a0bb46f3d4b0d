import Testing

@testable import Orchestrator

@Suite struct NearestWordTests {
    private let words = ["slots", "timeout", "retries", "hang-timeout", "fail-fast", "working-directory"]

    @Test(arguments: [
        ("slot", "slots" as String?), ("tiemout", "timeout"), ("Retries", "retries"), ("retry", "retries"),
        ("hang_timeout", "hang-timeout"), ("failfast", "fail-fast"), ("working-dir", "working-directory"),
        ("colour", nil), ("", nil), ("x", nil),
    ])
    func `the word that was meant`(given: String, expected: String?) {
        #expect(NearestWord.nearest(to: given, among: words) == expected)
    }

    @Test func `a word of any length ends at once`() {
        #expect(NearestWord.nearest(to: String(repeating: "slots", count: 100_000), among: words) == nil)
    }
}
