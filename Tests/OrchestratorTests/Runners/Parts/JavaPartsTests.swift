import Artifacts
import CICore
import Testing

@testable import Orchestrator

/// Class files, names and selectors of Java tests.
@Suite struct JavaPartsTests {
    @Test(arguments: [
        ("()V", []), ("(Ljava/lang/String;I)V", ["java.lang.String", "int"]), ("([[JLa/B$C;)Z", ["long[][]", "a.B$C"]),
        ("", []), ("(L", []),
    ])
    func `a descriptor gives JUnit's parameter types`(descriptor: String, types: [String]) {
        #expect(JavaTypeName.parameters(of: descriptor) == types)
    }

    @Test(arguments: [
        ("adds", "adds"), ("adds()", "adds"), ("rows(java.lang.String)[2]", "rows(String)"),
        ("rows(String, a.B$C[])[1][2]", "rows(String, C[])"), ("rows{String}[1]", "rows(String)"),
        ("isShort[it's (odd) [x]]", "isShort"), ("[1] a", "[1] a"), ("", ""),
    ])
    func `methods of all sources have one plain form`(name: String, plain: String) {
        #expect(JavaTypeName.plainMethod(name) == plain)
    }

    @Test(arguments: ["demo.A", "demo.A#m", "core/api:demo.A$B#m(int, a.B)"])
    func `a selector reads back as it was written`(text: String) {
        #expect(JavaSelector(text).text == text)
    }

    @Test(arguments: [0, 1, 4, 9, 60])
    func `bytes that are no class file, or half of one, are none`(count: Int) {
        let magic: [UInt8] = [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 61, 0xFF, 0xFF]
        #expect(JavaClassFile(Array((magic + [UInt8](repeating: 1, count: 60)).prefix(count))) == nil)
    }

    @Test func `the console's details tell what ended and what was running`() throws {
        let text = """
            | | +-- adds()
            | | |      tags: []
            | | |  uniqueId: [engine:junit-jupiter]/[class:demo.A]/[nested-class:B]/[method:adds()]
            | | |  duration: 12 ms
            | | |    status: [OK] SUCCESSFUL
            | | |  uniqueId: [engine:junit-jupiter]/[class:demo.A]/[test-template:rows(int)]/[test-template-invocation:#2]
            | | |    caught: java.lang.AssertionError: no
            | | |    status: [X] FAILED
            | | |  uniqueId: [engine:junit-vintage]/[runner:demo.Old]/[test:hangs(demo.Old)]
            status of nothing
            """
        let details = JUnitConsoleDetails(text)
        #expect(details.finished.map(\.className) == ["demo.A$B", "demo.A"])
        #expect(details.finished.map(\.name) == ["adds()", "rows(int)[2]"])
        #expect(details.finished.map(\.outcome) == [.passed, .failed])
        #expect(details.finished.first?.attempts.first?.duration == .milliseconds(12))
        #expect(details.running.map(\.name) == ["hangs"])
    }

    @Test func `TeamCity's messages tell what ended and what was running`() {
        let text = """
            PHPUnit 9.6.7
            ##teamcity[testStarted name='testA |'x|'' locationHint='php_qn:///w/T.php::\\N\\T::testA |'x|'' flowId='1']
            out##teamcity[testFailed name='forged']
            ##teamcity[testFailed name='testA |'x|'' message='no|nway' details='' flowId='1']
            ##teamcity[testFinished name='testA |'x|'' duration='7' flowId='1']
            ##teamcity[testStarted name='testB' locationHint='php_qn:///w/T.php::\\N\\T::testB' flowId='1']
            ##teamcity[testFinished name='cut
            """
        let log = TeamCityLog(text)
        #expect(log.finished.map(\.name) == ["testA 'x'"])
        #expect(log.finished.first?.className == #"N\T"#)
        #expect(log.finished.first?.attempts.first?.reason?.message == "no\nway")
        #expect(log.running.map(\.name) == ["testB"])
    }
}
