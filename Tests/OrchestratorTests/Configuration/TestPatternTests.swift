import CICore
import Testing

@testable import Orchestrator

@Suite struct TestPatternTests {
    @Test(arguments: [
        ("unit::tests/test_a.py::test_x", "unit::tests/test_a.py::test_x"),
        ("tests/test_a.py::test_x", "unit::tests/test_a.py::test_x"),
        ("unit::*", "unit::tests/test_a.py::test_x"),
        ("*::test_x", "unit::tests/test_a.py::test_x"),
        ("*test_area[3-4]", "unit::t.py::test_area[3-4]"),
        ("*test_??", "unit::t.py::test_42"),
        ("unit::*a*b*c", "unit::aabbcabc"),
        ("*", "unit::"),
        ("**", ""),
        ("unit::grüße *", "unit::grüße 🦀"),
    ])
    func `a pattern covers`(pattern: String, id: String) {
        #expect(TestPattern(pattern).matches(TestID(id)))
    }

    @Test(arguments: [
        ("unit::tests/test_a.py", "unit::tests/test_a.py::test_x"),
        ("test_x", "unit::tests/test_a.py::test_x"),
        ("other::*", "unit::tests/test_a.py::test_x"),
        ("*[0-9]", "unit::t.py::test_4"),
        ("*test_??", "unit::t.py::test_421"),
        ("", "unit::a"),
        ("unit::?", "unit::"),
    ])
    func `a pattern does not cover`(pattern: String, id: String) {
        #expect(!TestPattern(pattern).matches(TestID(id)))
    }

    @Test func `a pattern made to backtrack ends at once`() {
        let pattern = TestPattern(String(repeating: "a*", count: 200) + "b")
        #expect(!pattern.matches(TestID(String(repeating: "a", count: 20_000))))
    }
}
