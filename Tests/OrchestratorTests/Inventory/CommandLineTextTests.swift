import Testing

@testable import Orchestrator

struct CommandLineTextTests {
    @Test(arguments: [
        ("a/b.py::t", "a/b.py::t"), ("", "''"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("$(id)", "'$(id)'"),
        ("a\nb", "'a\nb'"), ("~x", "'~x'"), ("é", "'é'"),
    ])
    func `words are quoted only where the shell would read them otherwise`(word: String, quoted: String) {
        #expect(CommandLineText.shellQuoted(word) == quoted)
    }

    @Test func `every special character of a regular expression is taken literally`() {
        #expect(CommandLineText.regexEscaped("a.b[1](x)|{y}*+?^$\\/-") == #"a\.b\[1\]\(x\)\|\{y\}\*\+\?\^\$\\/-"#)
    }
}
