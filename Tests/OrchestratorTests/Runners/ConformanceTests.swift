import Artifacts
import CICore
import SystemPackage
import Testing

@testable import Orchestrator

/// What every runner must do, on real projects with the real tools.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct ConformanceTests {
    @Test func `every live runner has a case`() {
        let covered = Set(ConformanceCase.all.map(\.runner.id))
        #expect(TestRunners.all.filter { $0.profile.support == .live && !covered.contains($0.id) }.map(\.id) == [])
    }

    @Test(arguments: ConformanceCase.all)
    func `a listing finds exactly the units there are`(_ conformance: ConformanceCase) async throws {
        let project = try await ConformanceProject.of(conformance)
        for listing in conformance.listings {
            let units: [TestUnit]
            if let selector = listing.splitting {
                let whole = try #require(
                    try await conformance.runner.discover(project.suite, granularity: .file, using: project.tools)
                        .units.first { $0.selector == selector })
                units = try await conformance.runner.split(
                    whole, of: project.suite, into: listing.granularity, using: project.tools)
                #expect(units.allSatisfy { $0.container == whole.container })
            } else {
                units = try await conformance.runner.discover(
                    project.suite, granularity: listing.granularity, using: project.tools
                ).units
            }
            #expect(Set(units.map(\.selector)) == listing.selectors)
            #expect(Set(units.map(\.id)).count == units.count)
        }
    }

    @Test(arguments: ConformanceCase.all)
    func `a part of the suite runs exactly, and every result leads back to its selector`(
        _ conformance: ConformanceCase
    ) async throws {
        let project = try await ConformanceProject.of(conformance)
        let subset = conformance.runs.subset
        let report = await project.run(try await project.units(subset))
        #expect(report.ending == .completed)
        #expect(report.outcomes == subset.outcomes)
        let failure = conformance.runs.failure
        let failed = try #require(report.tests.first { $0.address.identifier == failure.identifier })
        #expect(failed.test.outcome.isFailure)
        let reasons = failed.test.attempts.compactMap(\.reason)
        let words = reasons.flatMap { [$0.message, $0.details] }.compactMap(\.self).joined(separator: "\n")
        #expect(words.contains(failure.words), "\(words)")
        try await expectFailure(of: failed.address, in: project, with: failure.words)
    }

    /// What a report advises to paste fails as the test did.
    private func expectFailure(of test: TestAddress, in project: ConformanceProject, with words: String) async throws {
        let address = TestAddress(selector: test.identifier, container: test.container)
        guard let command = project.runner.command(running: address, of: project.suite) else { return }
        let line = command.map(CommandLineText.shellShown).joined(separator: " ")
        var environment = project.tools.environment.merging(project.suite.environment) { $1 }
        environment["PATH"] = environment["PATH"] ?? "/usr/bin:/bin"
        let result = try await project.tools.processes.capture(
            ProcessCommand(
                ["bash", "-c", line], environment: environment, workingDirectory: project.suite.workingDirectory),
            limit: 16 << 20, timeout: .seconds(120))
        let output = String(decoding: result.standardOutput + result.standardError, as: UTF8.self)
        #expect(result.exit != .exited(0), "\(line)")
        #expect(output.contains(words), "\(line)\n\(output.suffix(2000))")
    }

    @Test(arguments: ConformanceCase.all)
    func `a retry runs its test alone`(_ conformance: ConformanceCase) async throws {
        let project = try await ConformanceProject.of(conformance)
        for retry in conformance.runs.retries {
            let report = await project.run(try await project.units(retry))
            #expect(report.ending == .completed)
            #expect(report.outcomes == retry.outcomes)
        }
    }

    @Test(arguments: ConformanceCase.all.filter { $0.runs.hostile != nil })
    func `tests with hostile names run and run again`(_ conformance: ConformanceCase) async throws {
        let project = try await ConformanceProject.of(conformance)
        let hostile = try #require(conformance.runs.hostile)
        let report = await project.run(try await project.units(hostile))
        #expect(report.outcomes == hostile.outcomes)
        guard conformance.runner.profile.canSelectTests else { return }
        for test in report.tests where test.address.selector == test.address.identifier {
            let unit = TestUnit(
                suite: project.suite.name, selector: test.address.selector, granularity: .test,
                container: test.address.container, tests: [test.address.selector])
            let again = await project.run([unit])
            #expect(again.outcomes == [test.address.identifier: test.test.outcome])
        }
    }

    @Test(arguments: ConformanceCase.all.filter { $0.troubles.crash != nil })
    func `a crash in the middle is one, and what finished counts`(_ conformance: ConformanceCase) async throws {
        let project = try await ConformanceProject.of(conformance)
        let crash = try #require(conformance.troubles.crash)
        let report = await project.run(try await project.units(crash.units))
        guard case .crashed = report.ending else {
            Issue.record("it reads as \(report.ending)")
            return
        }
        #expect(report.outcomes == crash.units.outcomes)
        #expect(report.progress.running == crash.running)
    }

    @Test(arguments: ConformanceCase.all.filter { $0.troubles.hang != nil })
    func `a hanging test is killed and named`(_ conformance: ConformanceCase) async throws {
        let project = try await ConformanceProject.of(conformance)
        let hang = try #require(conformance.troubles.hang)
        let report = await project.run(try await project.units(hang.units), timeout: conformance.troubles.patience)
        guard case .timedOut = report.ending else {
            Issue.record("it reads as \(report.ending)")
            return
        }
        #expect(report.outcomes == hang.units.outcomes)
        #expect(report.progress.running == hang.running)
    }

    @Test(arguments: ConformanceCase.all.filter { $0.troubles.missingToolWord != nil })
    func `a missing tool is named with the way to get it`(_ conformance: ConformanceCase) async throws {
        let project = try await ConformanceProject.of(conformance)
        let word = try #require(conformance.troubles.missingToolWord)
        var tools = project.tools
        tools.environment["PATH"] = "/nonexistent"
        let error = await #expect(throws: RunnerError.self) {
            try await conformance.runner.discover(project.suite, granularity: .file, using: tools)
        }
        #expect(error?.code == .toolMissing)
        #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: ConformanceCase.all.filter { $0.troubles.broken != nil })
    func `a broken project is told in the runner's own words`(_ conformance: ConformanceCase) async throws {
        let broken = try #require(conformance.troubles.broken)
        let project = try ConformanceProject.broken(conformance, fixture: broken.fixture)
        switch broken.failure {
        case .listing(let code):
            let error = await #expect(throws: RunnerError.self) {
                try await conformance.runner.discover(project.suite, granularity: .test, using: project.tools)
            }
            #expect(error?.code == code)
            #expect(error?.output?.contains(broken.words) == true, "\(error?.output ?? "")")
        case .run(let selectors):
            let units = selectors.map { TestUnit(suite: project.suite.name, selector: $0, granularity: .file) }
            switch await project.run(units).ending {
            case .collectionFailed(let words), .buildFailed(let words):
                #expect(words.contains(broken.words), "\(words)")
            case let other: Issue.record("it reads as \(other)")
            }
        }
    }

    @Test(arguments: ConformanceCase.all.filter { $0.troubles.proposal != nil })
    func `zero configuration proposes it`(_ conformance: ConformanceCase) async throws {
        let project = try await ConformanceProject.of(conformance)
        let because = try #require(conformance.troubles.proposal)
        let tree = SourceTree(scanning: project.suite.workingDirectory, with: LocalFileSystem())
        let proposals = conformance.runner.proposals(in: tree)
        #expect(
            proposals.contains { $0.runner == conformance.runner.id && $0.because.contains(because) }, "\(proposals)")
        let empty = SourceTree(root: "/nonexistent", files: [], fileSystem: LocalFileSystem())
        #expect(conformance.runner.proposals(in: empty).isEmpty)
    }
}
