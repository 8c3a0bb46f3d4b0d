import Testing

@testable import Orchestrator

struct NearestMatchTests {
    @Test(arguments: [
        ("pytset", "pytest"), ("PyTest", "pytest"), ("carg", "cargo"), ("phpunti", "phpunit"), ("zzz", nil), ("", nil),
    ])
    func `the nearest candidate is found, if it is near at all`(word: String, match: String?) {
        #expect(NearestMatch.of(word, in: ["pytest", "cargo", "phpunit", "go"]) == match)
    }
}
