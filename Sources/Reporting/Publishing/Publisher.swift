package import CICore
package import CIProviders

/// Tells the forge and the CI service how a run stands and how it ended.
///
/// Each kind of report has a ladder; the first rung that holds ends it, every rung that does not is one line with the
/// permission to add. Nothing here changes the run's exit code.
package struct Publisher: Sendable {
    let run: PublishedRun
    let forge: OpenForge?
    let service: OpenService
    let sinks: Sinks

    /// A forge with the connection that this build's tokens open.
    package struct OpenForge: Sendable {
        package let forge: Forge
        package let connection: ForgeConnection

        package init(_ forge: Forge, _ connection: ForgeConnection) {
            self.forge = forge
            self.connection = connection
        }
    }

    /// The CI service with its log and its own API.
    package struct OpenService: Sendable {
        package let log: LogDialect
        package let connection: ServiceConnection?
        package let api: ServiceAPI?

        package init(log: LogDialect, api: ServiceAPI?, connection: ServiceConnection?) {
            self.log = log
            self.api = api
            self.connection = connection
        }
    }

    /// Where what is no request goes.
    package struct Sinks: Sendable {
        /// Writes lines to the job's log, as they are.
        package var log: @Sendable ([String]) -> Void
        package var page: SummaryPage
        /// Leaves a file among the results and says where that is, or throws a sentence.
        package var keep: @Sendable (_ name: String, _ bytes: [UInt8]) throws -> String
        /// Waits for a random time of so many seconds.
        package var pause: @Sendable (ClosedRange<Double>) async throws -> Void

        package init(
            log: @escaping @Sendable ([String]) -> Void,
            page: SummaryPage, keep: @escaping @Sendable (String, [UInt8]) throws -> String,
            pause: @escaping @Sendable (ClosedRange<Double>) async throws -> Void
        ) {
            self.log = log
            self.page = page
            self.keep = keep
            self.pause = pause
        }
    }

    package init(run: PublishedRun, forge: OpenForge?, service: OpenService, sinks: Sinks) {
        self.run = run
        self.forge = forge
        self.service = service
        self.sinks = sinks
    }

    // MARK: While it runs

    /// Says that a run has begun or how far it is; failures of such a message are not worth a line.
    package func post(progress summary: String, state: CommitStatus.State) async {
        guard let forge, wantsVerdict else { return }
        let status = CommitStatus(state: state, name: run.statusName, summary: summary, url: run.url)
        // The final report says what stands in the way, once.
        if usesCheck, let board = forge.connection.report.port {
            let report = AnnotatedReport(status: status, pages: [summary], annotations: [])
            if (try? await board.post(report)) != nil { return }
        }
        try? await forge.connection.status.port?.post(status)
    }

    // MARK: At its end

    /// Posts everything the settings ask for, and says what became of it.
    ///
    /// `files` are those that the settings' places get; `isWhole` says whether every test was to run and did, so that
    /// later runs can be compared with this one.
    package func post(_ results: RunResults, files: [LocalReport], isWhole: Bool) async -> [PublishLine] {
        var lines: [PublishLine] = []
        let verdict = await postVerdict(results)
        lines += verdict.lines
        let comment = await postComment(results, isWhole: isWhole)
        lines += comment
        // The page is the comment's next rung, and a place of its own where the service shows it.
        if wantsPage(commentIsRefused: comment.contains(where: \.isRefused)) { lines.append(postPage(results)) }
        if run.settings.annotates, !verdict.hasAnnotations {
            lines += logAnnotations(results)
            lines += keepLineReports(results)
        }
        lines += await ServiceReports(service: service, title: run.title, scope: run.scope, log: sinks.log)
            .post(results)
        for place in run.settings.files where run.scope != .node {
            lines += await put(files, on: place.capability, called: place.rawValue)
        }
        return lines
    }

    /// Puts files on the first shelf of that kind: the forge's, the CI service's, or the one that the log's commands fill.
    ///
    /// A shelf that is a branch takes them in one commit where a branch is named.
    package func put(
        _ files: [LocalReport], on capability: Capability, called place: String, branch: String? = nil
    ) async -> [PublishLine] {
        let shelves = shelves(for: capability)
        if shelves.open == nil, let uploaded = upload(files, on: capability, called: place) { return [uploaded] }
        guard let shelf = shelves.open ?? shelves.first else {
            return [PublishLine(place, .refused(reason: Self.noShelf(capability), advice: nil))]
        }
        let advice = forge?.forge.advice[capability] ?? service.api?.advice[capability]
        if let branch, let shelf = shelf.port as? any BranchShelf {
            return await put(files, on: shelf.on(branch), called: place, advice: advice)
        }
        var lines: [PublishLine] = []
        for file in files {
            let name = "\(place): \(file.shared.name)"
            switch shelf {
            case .closed(let obstacle): lines.append(PublishLine(name, .init(obstacle)))
            case .open(let port):
                do {
                    lines.append(PublishLine(name, .posted(at: try await port.put(file.shared))))
                } catch {
                    lines.append(PublishLine(name, .init(error, advice: advice)))
                }
            }
        }
        return lines
    }

    private func put(
        _ files: [LocalReport], on shelf: some BranchShelf, called place: String, advice: String?
    ) async -> [PublishLine] {
        let names = files.map { "\(place): \($0.shared.name)" }
        do throws(APIError) {
            let pages = try await shelf.put(files.map(\.shared))
            return zip(names, pages).map { PublishLine($0, .posted(at: $1)) }
        } catch {
            return names.map { PublishLine($0, .init(error, advice: advice)) }
        }
    }

    /// `nil` where the log's commands upload nothing.
    private func upload(_ files: [LocalReport], on capability: Capability, called place: String) -> PublishLine? {
        let commands = capability == .artifacts ? files.compactMap { service.log.upload($0.path, "dt-ci") } : []
        guard !commands.isEmpty else { return nil }
        sinks.log(commands)
        return PublishLine(place, .posted(at: "by \(RunSentence.count(commands.count, "line")) of the log"))
    }

    private func postVerdict(_ results: RunResults) async -> (lines: [PublishLine], hasAnnotations: Bool) {
        guard wantsVerdict else { return ([], false) }
        guard let forge else { return ([PublishLine("status", .needless(Self.noForge))], false) }
        var lines: [PublishLine] = []
        let status = CommitStatus(results, of: run)
        if asksForReport(forge.forge) {
            let line = await postReport(results, status, forge)
            lines.append(line)
            if !line.isRefused {
                // What a pull request shows of Code Insights is no verdict; a check run is one.
                if !forge.forge.needsStatusBesideReport { return (lines, run.settings.annotates) }
                return (lines + [await postStatus(status, forge)], run.settings.annotates)
            }
        }
        lines.append(await postStatus(status, forge))
        if asksForPullRequestStatus(forge.forge) {
            lines.append(
                await posting("pull request status", .pullRequestStatus, forge.connection.pullRequestStatus, forge) {
                    board throws(APIError) in
                    try await board.post(status)
                    return nil
                })
        }
        return (lines, false)
    }

    private func postReport(
        _ results: RunResults, _ status: CommitStatus, _ forge: OpenForge
    ) async -> PublishLine {
        let report = AnnotatedReport(
            status: status,
            // Check runs show two texts, of 65,535 characters each.
            pages: MarkdownReport(results, facts: facts, settings: run.report, dialect: forge.forge.dialect)
                .pages(2, within: TextBudget(scalars: 65_000, bytes: 65_000)),
            annotations: run.settings.annotates ? LineAnnotation.all(of: results, limit: 1000) : [],
            figures: [
                .init(name: "Tests", value: results.totals.tests), .init(name: "Passed", value: results.totals.passed),
                .init(name: "Failed", value: results.totals.failed + results.totals.errored),
                .init(name: "Skipped", value: results.totals.skipped),
                .init(name: "Flaky", value: results.totals.flaky),
            ])
        return await posting(forge.forge.reportTitle, .annotatedReport, forge.connection.report, forge) {
            board throws(APIError) in try await board.post(report)
        }
    }

    private func postStatus(_ status: CommitStatus, _ forge: OpenForge) async -> PublishLine {
        await posting("commit status", .commitStatus, forge.connection.status, forge) { board throws(APIError) in
            try await board.post(status)
            return nil
        }
    }

    private func postComment(_ results: RunResults, isWhole: Bool) async -> [PublishLine] {
        guard wantsComment, let forge else { return [] }
        let limits = forge.forge.limits
        let budget = TextBudget(scalars: limits.commentScalars, bytes: limits.commentBytes)
        let report = MarkdownReport(results, facts: facts, settings: run.report, dialect: forge.forge.dialect)
        let section = CommentSection(
            key: run.section, commit: run.context.source.commit ?? "", order: run.order(isFinal: true),
            head: report.head, details: report.details(within: budget.divided(by: 2)))
        let line = await posting("comment", .comment, forge.connection.comments, forge) { thread throws(APIError) in
            let sticky = StickyComment(
                thread, name: run.settings.labels.name, dialect: forge.forge.dialect, budget: budget,
                pause: sinks.pause)
            let isNeeded = run.settings.comment == .always || !results.hasPassed
            let memory = isWhole ? memory(of: results) : nil
            let outcome = try await sticky.post(
                section, remembering: memory, hasCompany: run.hasCompany, creates: isNeeded)
            guard let id = outcome.id else { return nil }
            try await sticky.settle(id, isDone: results.hasPassed)
            return nil
        }
        return [line]
    }

    private func postPage(_ results: RunResults) -> PublishLine {
        let budget = TextBudget(scalars: sinks.page.room, bytes: sinks.page.room)
        let page = MarkdownReport(results, facts: facts, settings: run.report, dialect: .gitHub).document(
            within: budget)
        let name = pageName
        do {
            guard page.utf8.count <= sinks.page.room else {
                return PublishLine(name, .refused(reason: "the job summary is full", advice: nil))
            }
            return PublishLine(name, .posted(at: try sinks.page.write(page)))
        } catch {
            return PublishLine(name, .refused(reason: "\(error)", advice: nil))
        }
    }

    /// Marks failures by the log's commands; what is beyond the service's limit is in the log as text anyway.
    private func logAnnotations(_ results: RunResults) -> [PublishLine] {
        var counts: [LineAnnotation.Level: Int] = [:]
        let lines = LineAnnotation.all(of: results, limit: 1000).compactMap { annotation -> String? in
            guard counts[annotation.level, default: 0] < service.log.annotationsPerLevel,
                let line = service.log.annotation(annotation)
            else { return nil }
            counts[annotation.level, default: 0] += 1
            return line
        }
        guard !lines.isEmpty else { return [] }
        sinks.log(lines)
        return [PublishLine("annotations", .posted(at: "\(RunSentence.count(lines.count, "line")) of the log"))]
    }

    /// The files from which the pipeline's own job makes remarks on lines.
    private func keepLineReports(_ results: RunResults) -> [PublishLine] {
        let annotations = LineAnnotation.all(of: results, limit: 1000)
        return (forge?.forge.lineReports(annotations, run.context) ?? []).map { file in
            do {
                return PublishLine(file.name, .posted(at: try sinks.keep(file.name, file.bytes)))
            } catch {
                return PublishLine(file.name, .refused(reason: "\(error)", advice: nil))
            }
        }
    }

    // MARK: Parts

    private var facts: ReportFacts {
        ReportFacts(title: run.title, commit: run.context.source.commit, url: run.url)
    }

    private func posting<Port: Sendable>(
        _ report: String, _ capability: Capability, _ access: Access<Port>, _ forge: OpenForge,
        _ body: (Port) async throws(APIError) -> String?
    ) async -> PublishLine {
        switch access {
        case .closed(let obstacle): return PublishLine(report, .init(obstacle))
        case .open(let port):
            do {
                return PublishLine(report, .posted(at: try await body(port)))
            } catch {
                return PublishLine(report, .init(error, advice: forge.forge.advice[capability]))
            }
        }
    }
}
