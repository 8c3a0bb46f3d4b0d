import Testing

@testable import Orchestrator

struct NearestMatchTests {
    @Test(arguments: [
        ("pytset", "pytest"), ("PyTest", "pytest"), ("carg", "cargo"), ("phpunti", "phpunit"), ("zzz", nil), ("", nil),
    ])
    func `the nearest candidate is found, if it is near at all`(word: String, match: String?) {
        #expect(NearestMatch.of(word, in: ["pytest", "cargo", "phpunit", "go"]) == match)
    }

    @Test(arguments: [
        ("slot", "slots"), ("tiemout", "timeout"), ("Retries", "retries"), ("retry", "retries"),
        ("hang_timeout", "hang-timeout"), ("failfast", "fail-fast"), ("working-dir", "working-directory"),
        ("colour", nil), ("x", nil),
    ])
    func `a key with other separators or another ending is found`(word: String, match: String?) {
        let keys = ["slots", "timeout", "retries", "hang-timeout", "fail-fast", "working-directory"]
        #expect(NearestMatch.of(word, in: keys) == match)
    }
}
