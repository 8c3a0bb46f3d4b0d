import Testing

@testable import CIProviders

@Suite struct JavaPropertiesTests {
    @Test(arguments: [
        ("a=b", ["a": "b"]), ("a = b ", ["a": "b "]), ("a:b", ["a": "b"]), ("a b", ["a": "b"]), ("a", ["a": ""]),
        ("# c\n! d\n\na=1", ["a": "1"]), ("a\\:b\\=c=d\\:e", ["a:b=c": "d:e"]), ("a=x\\\n   y", ["a": "xy"]),
        ("a=x\\\\\nb=y", ["a": "x\\", "b": "y"]), ("u=\\u00e4\\u20AC", ["u": "ä€"]), ("u=\\ud83e\\udd80", ["u": "🦀"]),
        ("u=\\ud83e", ["u": "\u{fffd}"]), ("u=\\uzz", ["u": "uzz"]), ("t=a\\tb", ["t": "a\tb"]),
        ("a=1\r\nb=2\r\n", ["a": "1", "b": "2"]), ("a=1\na=2", ["a": "2"]), ("a=x\\", ["a": "x"]), ("", [:]),
    ])
    func `a file reads as Java reads it`(text: String, pairs: [String: String]) {
        #expect(JavaProperties.parse(Array(text.utf8)) == pairs)
    }
}
