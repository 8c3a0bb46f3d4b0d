import CICore
import SystemPackage
import Testing

@testable import Orchestrator

/// Batches whose selection outgrows one command line.
@Suite struct ManyUnitsTests {
    private let place = BatchPlace(root: "/work/.dt-ci/b1")
    private static let runners: [any TestRunner] = [
        BatsRunner(), RSpecRunner(), MinitestRunner(), PHPUnitRunner(), ProveRunner(), JUnit5Runner(), MavenRunner(),
        GradleRunner(), JestRunner(), VitestRunner(), PlaywrightRunner(), CypressRunner(), DotNetRunner(),
        ExUnitRunner(),
    ]

    @Test(arguments: runners)
    func `20,000 files or classes fit`(runner: any TestRunner) throws {
        let units = (0..<20_000).map { number in
            TestUnit(suite: "s", selector: "some/folder/with.a.long.name/unit\(number)_test", granularity: .file)
        }
        try check(runner, units, words: units.map { String($0.selector.split(separator: "/").last ?? "") })
    }

    @Test(arguments: runners)
    func `20,000 tests of one file fit`(runner: any TestRunner) throws {
        let mark = runner is any JavaLike ? "#" : "::"
        let units = (0..<20_000).map { number in
            TestUnit(
                suite: "s", selector: "some.file\(mark)a_test_with_a_long_name_\(number)x", granularity: .test,
                container: "some.file")
        }
        let isByFile = !runner.profile.canSelectTests
        try check(runner, units, words: isByFile ? ["some"] : units.map { "long_name_\($0.selector.suffix(8))" })
    }

    /// Every argument is allowed, and every unit is asked for somewhere.
    private func check(_ runner: any TestRunner, _ units: [TestUnit], words: [String]) throws {
        let suite = Suite(name: "s", runner: runner.id, workingDirectory: "/work")
        let invocation = try runner.invocation(for: units, of: suite, in: place)
        #expect(ArgumentLimit.allows(invocation.arguments))
        let input = String(decoding: invocation.standardInput ?? [], as: UTF8.self)
        #expect(input.split(separator: "\0").allSatisfy { $0.utf8.count <= ArgumentLimit.single })
        let texts =
            invocation.arguments + [input] + invocation.sideFiles.map { String(decoding: $0.contents, as: UTF8.self) }
        let all = texts.joined(separator: "\n")
        let last = try #require(words.last)
        #expect(all.contains(last.suffix(6)))
        #expect(words.count < 2 || all.utf8.count > words.count * 5)
    }
}

/// Runners whose selectors are Java's.
private protocol JavaLike {}
extension JUnit5Runner: JavaLike {}
extension MavenRunner: JavaLike {}
extension GradleRunner: JavaLike {}
