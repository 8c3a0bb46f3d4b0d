import Testing

@testable import CICore

struct CommandLineTextTests {
    @Test(arguments: [
        ("a/b.py::t", "a/b.py::t"), ("", "''"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("$(id)", "'$(id)'"),
        ("a\nb", "'a\nb'"), ("~x", "'~x'"), ("é", "'é'"),
    ])
    func `words are quoted only where the shell would read them otherwise`(word: String, quoted: String) {
        #expect(CommandLineText.shellQuoted(word) == quoted)
    }

    @Test(arguments: [
        ("a/b.py::t", "a/b.py::t"), ("it's é", "'it'\\''s é'"), ("a\nb", #"$'a\x0ab'"#), ("\u{1B}[2J", #"$'\x1b[2J'"#),
        ("##vso[task]", #"$'\x23\x23vso[task]'"#), ("\u{202E}'\\", #"$'\xe2\x80\xae\x27\x5c'"#),
    ])
    func `what is shown to be pasted holds nothing that a terminal or CI service acts upon`(word: String, shown: String)
    {
        #expect(CommandLineText.shellShown(word) == shown)
    }

    @Test func `every special character of a regular expression is taken literally`() {
        #expect(CommandLineText.regexEscaped("a.b[1](x)|{y}*+?^$\\/-") == #"a\.b\[1\]\(x\)\|\{y\}\*\+\?\^\$\\/-"#)
    }
}
