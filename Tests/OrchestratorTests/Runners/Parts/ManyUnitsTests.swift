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
        try check(runner, units, names: units.map { String($0.selector.split(separator: "/").last ?? "") })
    }

    @Test(arguments: runners)
    func `20,000 tests of one file fit`(runner: any TestRunner) throws {
        let mark = runner is any JavaLike ? "#" : "::"
        let units = (0..<20_000).map { number in
            TestUnit(
                suite: "s", selector: "some.file\(mark)a_test_with_a_long_name_\(number)x", granularity: .test,
                container: "some.file")
        }
        let names = units.map { String($0.selector.split { "#:".contains($0) }.last ?? "") }
        try check(runner, units, names: runner.profile.canSelectTests ? names : ["some"])
    }

    /// Every argument is allowed, and every unit is asked for somewhere.
    private func check(_ runner: any TestRunner, _ units: [TestUnit], names: [String]) throws {
        let suite = Suite(name: "s", runner: runner.id, workingDirectory: "/work")
        let invocation = try runner.invocation(for: units, of: suite, in: place)
        #expect(ArgumentLimit.allows(invocation.arguments))
        let input = String(decoding: invocation.standardInput ?? [], as: UTF8.self)
        let words = input.contains("\0") ? input.split(separator: "\0") : input.split(separator: "\n")
        #expect(words.allSatisfy { $0.utf8.count <= ArgumentLimit.single })
        let texts =
            invocation.arguments + [input] + invocation.sideFiles.map { String(decoding: $0.contents, as: UTF8.self) }
        let all = texts.joined(separator: "\n")
        let parts = Set(all.split { !$0.isLetter && !$0.isNumber && $0 != "_" })
        #expect(names.allSatisfy { parts.contains($0[...]) })
    }
}

/// Runners whose selectors are Java's.
private protocol JavaLike {}
extension JUnit5Runner: JavaLike {}
extension MavenRunner: JavaLike {}
extension GradleRunner: JavaLike {}
