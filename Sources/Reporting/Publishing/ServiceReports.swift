import CICore
import CIProviders

/// What a CI service is told of a run: by its API where a token opens it, else by its log's commands.
struct ServiceReports {
    let service: Publisher.OpenService
    /// What the run is called.
    let title: String
    let scope: PublishedRun.Scope
    /// Writes lines to the job's log, as they are.
    let log: @Sendable ([String]) -> Void

    /// Posts everything the service has a place for, and says what became of it.
    func post(_ results: RunResults) async -> [PublishLine] {
        (scope == .node ? [] : await postBuild(results)) + (scope == .merged ? [] : await postTests(results))
    }

    /// About the build as a whole.
    private func postBuild(_ results: RunResults) async -> [PublishLine] {
        let text = "\(title): \(RunSentence(results).verdict)"
        var lines = await tell("build description", .buildText, [service.log.build.text(text)]) {
            board throws(APIError) in try await board.describe(text)
        }
        let tags = results.tags
        if !tags.isEmpty {
            lines += await tell("build tags", .buildTags, tags.map(service.log.build.tag)) {
                board throws(APIError) in try await board.tag(tags)
            }
        }
        if let reason = results.reasonBesideTests {
            let problem = "\(title): \(reason)"
            lines += await tell("build problem", .buildProblem, [service.log.build.problem(problem)]) {
                board throws(APIError) in try await board.reportProblem(problem)
            }
        }
        return lines
    }

    /// A service that has neither the call nor the command is no news.
    private func tell(
        _ report: String, _ capability: Capability, _ commands: [String?],
        _ body: (any BuildBoard) async throws(APIError) -> Void
    ) async -> [PublishLine] {
        var refusal: PublishLine?
        if service.api?.capabilities.contains(capability) ?? false, let board = service.connection?.board.port {
            do {
                try await body(board)
                return [PublishLine(report, .posted(at: nil))]
            } catch {
                refusal = PublishLine(report, .init(error, advice: service.api?.advice[capability]))
            }
        }
        let commands = commands.compactMap(\.self)
        guard !commands.isEmpty else { return refusal.map { [$0] } ?? [] }
        log(commands)
        return [PublishLine(report, .posted(at: "by \(RunSentence.count(commands.count, "line")) of the log"))]
    }

    /// The single tests.
    private func postTests(_ results: RunResults) async -> [PublishLine] {
        log(service.log.tests(results))
        guard let board = service.connection?.testRuns.port else { return [] }
        do {
            return [PublishLine("test run", .posted(at: try await board.post(results, name: title, attachments: [])))]
        } catch {
            return [PublishLine("test run", .init(error, advice: service.api?.advice[.testRun]))]
        }
    }
}

extension RunResults {
    /// By what a build with these results is worth finding again.
    fileprivate var tags: [String] {
        [(totals.flaky > 0, "flaky"), (!(completeness?.lost ?? []).isEmpty, "lost-tests")].filter(\.0).map(\.1)
    }

    /// Why the run is red where no test's outcome says so: lost tests, a failed collection, an expired quarantine. That
    /// tests failed, or that a signal ended the run, is what the service shows by itself.
    fileprivate var reasonBesideTests: String? {
        guard let verdict else { return nil }
        switch verdict.exitCode {
        case .passed, .signal: return nil
        case .testsFailed where failures.contains { !isQuarantined($0.id) }: return nil
        default: return verdict.reason
        }
    }
}
