import CICore
import Testing

struct JSONCursorTests {
    private func read<Value>(_ text: String, _ body: (inout JSONCursor) -> Value) -> Value {
        Array(text.utf8).withUnsafeBufferPointer {
            var cursor = JSONCursor($0)
            return body(&cursor)
        }
    }

    @Test func `members are read in their order, and unasked ones passed over`() {
        let text = #" { "a" : "x\n\u0041" , "skip":{"deep":[1,{"b":null}]}, "\u0062":[1,2.5,-3e2], "c":true } "#
        var texts: [String] = []
        var numbers: [Double] = []
        var flags: [Bool] = []
        let isSound = read(text) { cursor in
            let isSound = cursor.members {
                switch String(decoding: $1, as: UTF8.self) {
                case "a": texts.append($0.string() ?? "")
                case "b":
                    return $0.elements {
                        numbers.append($0.number() ?? .nan)
                        return true
                    }
                case "c": flags.append($0.bool() ?? false)
                default: return $0.skip()
                }
                return true
            }
            return isSound && cursor.isAtEnd
        }
        #expect(isSound)
        #expect(texts == ["x\nA"])
        #expect(numbers == [1, 2.5, -300])
        #expect(flags == [true])
    }

    @Test func `a value of another kind is passed over`() {
        let found = read(#"["text", 1, {"a":[]}, "last"]"#) { cursor in
            var found: [Int?] = []
            let isSound = cursor.elements {
                found.append($0.int())
                return true
            }
            return (found, isSound)
        }
        #expect(found == ([nil, 1, nil, nil], true))
    }

    @Test(arguments: [
        "", "{", "[1", #"{"a""#, #"{"a":}"#, #"{"a":1,}"#, "[1 2]", "[tru]", #"["\q"]"#, #"["\u12"]"#, #"["open"#,
        "[nul]",
        "[+1]", "[.5]", "[1e]", "[--1]", #"{a:1}"#, "[\"\\",
    ]) func `what is no JSON is refused, and nothing more is read of it`(text: String) {
        #expect(JSONValue(text) == nil)
        let after = read(text) { cursor in
            _ = cursor.skip()
            return (cursor.isAtEnd, cursor.next, cursor.string())
        }
        #expect(!after.0 || text.isEmpty)
        #expect(after.1 == nil)
        #expect(after.2 == nil)
    }

    @Test func `nesting ends at its limit`() {
        for (depth, isRead) in [(255, true), (100_000, false)] {
            let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            #expect((JSONValue(text) != nil) == isRead)
        }
    }

    @Test func `decimals are rounded as the general way does`() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let whole = UInt64.random(in: 0..<1_000_000_000, using: &generator)
            let digits = Int.random(in: 0...9, using: &generator)
            let fraction = String((0..<digits).map { _ in "0123456789".randomElement(using: &generator) ?? "0" })
            let text = digits == 0 ? "\(whole)" : "\(whole).\(fraction)"
            #expect(read(text) { $0.number() } == Double(text), "\(text)")
        }
        #expect(read("123456789012345678901234567890") { $0.number() } == 1.2345678901234568e29)
        #expect(read("-0.25") { $0.number() } == -0.25)
    }
}
