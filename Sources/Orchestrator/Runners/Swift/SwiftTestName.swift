import CICore

/// One test as `swift test list` has it: `Module.Class/testName` of XCTest, `Module.Suite/Inner/name()` of Swift
/// Testing.
struct SwiftTestName: Hashable {
    var text: String

    /// Swift Testing's names end with their parameters; XCTest's are identifiers.
    var isSwiftTesting: Bool { text.hasSuffix(")") || text.hasSuffix("`") }

    /// The module: identifiers hold no dot.
    var module: String { String(text.prefix { $0 != "." }) }

    /// `Module.Class` or `Module.Suite/Inner`; the module for functions outside of suites. Slashes and dots within
    /// backticks and parentheses belong to a name.
    var container: String {
        var depth = 0
        var isQuoted = false
        var cut = module.endIndex
        for index in text.indices {
            switch text[index] {
            case "`": isQuoted.toggle()
            case "(" where !isQuoted: depth += 1
            case ")" where !isQuoted: depth -= 1
            case "/" where !isQuoted && depth == 0: cut = index
            default: break
            }
        }
        return String(text[..<cut])
    }

    /// The regular expression that Swift Testing takes for this test and no other: it is matched with the id and the
    /// place in the source, `Module.Suite/name()/File.swift:3:2`.
    var testFilter: String { "^\(CommandLineText.regexEscaped(text))/" }
}
