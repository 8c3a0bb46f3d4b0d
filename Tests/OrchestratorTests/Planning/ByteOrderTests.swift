import Testing

@testable import Orchestrator

struct ByteOrderTests {
    @Test func `texts are ranked by their bytes, equal ones by their place`() {
        let texts = ["b", "a", "", "ab", "a", "tests/x.py::a", "tests/x.py::", "tests/x.py", "é", "z\u{0}", "z"]
        let expected = texts.indices.sorted { left, right in
            let (first, second) = (Array(texts[left].utf8), Array(texts[right].utf8))
            return first == second ? left < right : first.lexicographicallyPrecedes(second)
        }
        #expect(ByteOrder.ranking(of: texts) == expected.map { Int32($0) })
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func `long shared prefixes and zero bytes make no difference`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let texts = (0..<500).map { _ in
            let tail = (0..<Int.random(in: 0...20, using: &generator)).map { _ in
                Character(Unicode.Scalar(UInt8.random(in: 0...2, using: &generator)))
            }
            return "tests/unit/module_with_a_long_name/test_" + String(tail)
        }
        let expected = texts.indices.sorted { left, right in
            let (first, second) = (Array(texts[left].utf8), Array(texts[right].utf8))
            return first == second ? left < right : first.lexicographicallyPrecedes(second)
        }
        #expect(ByteOrder.ranking(of: texts) == expected.map { Int32($0) })
    }

    @Test func `nothing and one text are in order`() {
        #expect(ByteOrder.ranking(of: []) == [])
        #expect(ByteOrder.ranking(of: ["x"]) == [0])
    }
}
