import Testing

@testable import Orchestrator

/// Names of tests as bats files have them.
@Suite struct BatsFileTests {
    @Test(arguments: [
        (#"@test "adds" {"#, "adds"), ("@test 'single' { true; }", "single"), ("\t@test  bare word  {", "bare word"),
        (#"@test "a { b" { true; }"#, "a { b"), (#"@test "last { wins" { if { x; }"#, #"last { wins" { if"#),
        ("name() { # @test", "name"), ("function name { #@test", "name"), ("@test \"cr\" {\r", "cr"),
    ])
    func `a declaration gives its name`(line: String, name: String) {
        #expect(BatsFile(line).names == [name])
    }

    @Test(arguments: ["@test", "@testing \"x\" {", "# @test \"x\" {", "@test \"x\"{", "@test { true; }", "echo @test"])
    func `a line that only looks like one gives none`(line: String) {
        #expect(BatsFile(line).names.isEmpty)
    }

    @Test func `a fixture of the file and its tags are seen`() {
        let file = BatsFile("# bats file_tags=slow, gpu\nsetup_file() {\n:\n}\n@test \"x\" {\n}\n")
        #expect(file.hasFileFixture)
        #expect(file.tags == ["slow", "gpu"])
        #expect(BatsFile("setup() {\n:\n}").hasFileFixture == false)
    }

    @Test(arguments: [
        ("adds", "adds", true), ("adds", "adds more", false), (#"say \"hi\""#, #"say "hi""#, true),
        ("in $HOME now", "in /root now", true), ("in $HOME now", "in /root later", false),
        ("${a}b$(c)", "xbz", true), ("${a}b$(c)", "xyz", false), (#"costs \$5"#, "costs $5", true),
        ("$a", "", true), ("a$b", "", false), ("a$b$c", "a", true),
    ])
    func `a shown name is recognised`(written: String, shown: String, fits: Bool) {
        #expect(BatsName(written).canBeShown(as: shown) == fits)
    }

    @Test func `a filter is anchored and escaped`() {
        #expect(BatsName.filter(["a.b"]) == #"^a\.b$"#)
        #expect(BatsName.filter(["a", "b|c"]) == #"^(a|b\|c)$"#)
    }
}
