import CICore
import Testing

@testable import CIProviders

struct LogDialectTests {
    private static let hostile = "50%: a,b\r\n::error::x ##vso[task.complete] ##teamcity[x 'y'] |]"
    private static let annotation = LineAnnotation(
        path: "a,b:c;d].py", line: 7, level: .failure, title: "t: 1, 2", message: hostile, key: "k")

    @Test func `GitHub's annotations escape what would end a property or a command`() throws {
        let line = try #require(LogDialect.gitHub.annotation(Self.annotation))
        #expect(line.hasPrefix("::error file=a%2Cb%3Ac;d].py,line=7,title=t%3A 1%2C 2::50%25: a,b"))
        #expect(!line.contains("\n"))
    }

    @Test func `Azure's issues escape what would end a property or a command`() throws {
        let line = try #require(LogDialect.azure.annotation(Self.annotation))
        #expect(
            line.hasPrefix("##vso[task.logissue type=error;sourcepath=a,b:c%3Bd%5D.py;linenumber=7]t: 1, 2: 50%AZP25"))
        #expect(!line.contains("\n"))
        #expect(!line.dropFirst(2).contains("##vso["))
    }

    @Test func `TeamCity's values escape quotes, brackets, bars and everything beyond ASCII`() throws {
        let warning = LineAnnotation(
            path: nil, line: nil, level: .warning, title: "it's", message: "[é|🧪]\n", key: "k")
        let line = try #require(LogDialect.teamCity.annotation(warning))
        #expect(line == "##teamcity[message status='WARNING' text='it|'s: |[|0x00e9|||0xd83e|0xddea|]|n']")
    }

    @Test func `what is said of the build keeps to its grammar and limits`() throws {
        let build = LogDialect.teamCity.build
        #expect(build.tag("it's [x]") == "##teamcity[addBuildTag 'it|'s |[x|]']")
        let problem = try #require(build.problem("1 test lost"))
        #expect(problem.hasPrefix("##teamcity[buildProblem description='1 test lost' identity='dtci_"))
        #expect(problem == build.problem("1 test lost") && problem != build.problem("2 tests lost"))
        #expect(try #require(build.problem(String(repeating: "a", count: 9_000))).count < 4_200)
        #expect(LogDialect.azure.build.tag("a]b\nc") == "##vso[build.addbuildtag]a]b c")
    }

    @Test func `TeamCity is told every test with its outcome and milliseconds`() {
        let identity = TestIdentity(suite: "unit", className: "a", name: "b'c")
        let failed = TestRecord(
            id: "x", identity: identity, container: "a",
            attempts: [Attempt(outcome: .failed, duration: .milliseconds(1500), reason: .init(message: "no"))])
        let lines = LogDialect.teamCity.tests(RunResults(tests: [failed]))
        #expect(
            lines == [
                "##teamcity[testStarted captureStandardOutput='false' name='unit.a.b|'c']",
                "##teamcity[testFailed details='' message='no' name='unit.a.b|'c']",
                "##teamcity[testFinished duration='1500' name='unit.a.b|'c']",
            ])
    }

    @Test(arguments: [
        (LogDialect.gitHub, "::group::a ", "::endgroup::"), (.azure, "##[group]a ", "##[endgroup]"),
        (
            .gitLab, "\u{1B}[0Ksection_start:9:id_1[collapsed=true]\r\u{1B}[0Ka ",
            "\u{1B}[0Ksection_end:9:id_1\r\u{1B}[0K"
        ),
        (.travis, "travis_fold:start:id_1\r\u{1B}[0Ka ", "travis_fold:end:id_1\r\u{1B}[0K"),
    ]) func `folds open and close by the same id`(dialect: LogDialect, open: String, close: String) throws {
        let line = try #require(dialect.open("a \n::error::b", "id 1", 9))
        #expect(line.hasPrefix(open))
        #expect(!line.contains("\n"))
        #expect(dialect.close("id 1", 9) == close)
    }

    @Test func `every service has a value for its log and every summary its limit`() {
        for service in CIServices.all {
            if case .file(let variable, let limit) = service.log.summary {
                #expect(variable == "GITHUB_STEP_SUMMARY")
                #expect(limit == 1 << 20)
            }
        }
        #expect(CIServices.named("github-actions")?.log.mask(Secret("a%b")) == "::add-mask::a%25b")
    }
}
