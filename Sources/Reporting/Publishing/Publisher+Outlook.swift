import CICore
package import CIProviders

extension Publisher {
    /// Where each report that the settings ask for would go; `findings` is what the APIs say of the tokens.
    package func outlook(_ findings: [PermissionFinding]) -> [ReportOutlook] {
        var outlooks = wantsVerdict ? verdictOutlook(findings) : []
        if run.settings.comment != .never { outlooks.append(commentOutlook(findings)) }
        if run.settings.annotates { outlooks.append(annotationOutlook(findings)) }
        if run.settings.summarizes, sinks.page.isShown {
            outlooks.append(ReportOutlook("summary", rungs: [.init(pageName)]))
        }
        return outlooks + serviceOutlook(findings) + run.settings.files.map { fileOutlook($0, findings) }
    }

    private func verdictOutlook(_ findings: [PermissionFinding]) -> [ReportOutlook] {
        guard let forge else { return [ReportOutlook("verdict", needless: Self.noForge)] }
        let status = rung("commit status", "on \(commit)", .commitStatus, forge.connection.status, findings)
        var outlooks: [ReportOutlook] = []
        if asksForReport(forge.forge) {
            let report = reportRung(forge, findings, place: "on \(commit)")
            if forge.forge.needsStatusBesideReport {
                outlooks = [
                    ReportOutlook("verdict", rungs: [status] + pageRungs), ReportOutlook("report", rungs: [report]),
                ]
            } else {
                outlooks = [ReportOutlook("verdict", rungs: [report, status] + pageRungs)]
            }
        } else {
            outlooks = [ReportOutlook("verdict", rungs: [status] + pageRungs)]
        }
        if asksForPullRequestStatus(forge.forge) {
            let access = forge.connection.pullRequestStatus
            outlooks.append(
                ReportOutlook(
                    "pull request",
                    rungs: [rung("status", "on \(pullRequest)", .pullRequestStatus, access, findings)] + pageRungs))
        }
        return outlooks
    }

    private func commentOutlook(_ findings: [PermissionFinding]) -> ReportOutlook {
        guard wantsComment else { return ReportOutlook("comment", needless: "none: this build is of no pull request") }
        guard let forge else { return ReportOutlook("comment", needless: Self.noForge) }
        let name = sinks.page.isShown ? pageName : "summary.md among the results"
        let page = wantsPage(commentIsRefused: true) ? [ReportOutlook.Rung(name)] : []
        return ReportOutlook(
            "comment",
            rungs: [rung("comment", "on \(pullRequest)", .comment, forge.connection.comments, findings)] + page)
    }

    private func annotationOutlook(_ findings: [PermissionFinding]) -> ReportOutlook {
        var rungs: [ReportOutlook.Rung] = []
        if wantsVerdict, let forge, asksForReport(forge.forge) {
            rungs.append(reportRung(forge, findings, place: ""))
        }
        let sample = LineAnnotation(path: "a", line: 1, level: .failure, title: "a", message: "a", key: "a")
        if service.log.annotation(sample) != nil { rungs.append(.init("lines of the job's log")) }
        for file in forge?.forge.lineReports([sample], run.context) ?? [] {
            rungs.append(.init("\(file.name) among the results"))
        }
        guard rungs.isEmpty else { return ReportOutlook("annotations", rungs: rungs) }
        return ReportOutlook("annotations", needless: "none: neither this forge nor this CI service shows any")
    }

    /// As `ServiceReports` goes about it.
    private func serviceOutlook(_ findings: [PermissionFinding]) -> [ReportOutlook] {
        let texts = tellOutlook("build text", .buildText, service.log.build.text("a"), findings)
        guard service.api?.capabilities.contains(.testRun) ?? false, let board = service.connection?.testRuns else {
            return texts
        }
        let name = "test run"
        if let obstacle = board.obstacle { return texts + [Self.needless(name, obstacle)] }
        return texts + [ReportOutlook(name, rungs: [rung(name, "beside the build", .testRun, board, findings)])]
    }

    /// The API where a token opens it, then the log's command.
    private func tellOutlook(
        _ report: String, _ capability: Capability, _ command: String?, _ findings: [PermissionFinding]
    ) -> [ReportOutlook] {
        let board = service.api?.capabilities.contains(capability) ?? false ? service.connection?.board : nil
        var rungs: [ReportOutlook.Rung] = []
        if let board, board.port != nil {
            rungs.append(rung("a line", "beside the build's number", capability, board, findings))
        }
        if command != nil { rungs.append(.init("a line of the job's log")) }
        guard rungs.isEmpty else { return [ReportOutlook(report, rungs: rungs)] }
        return board?.obstacle.map { [Self.needless(report, $0)] } ?? []
    }

    /// What a service could show beside what its forge does is no loss.
    private static func needless(_ report: String, _ obstacle: Obstacle) -> ReportOutlook {
        ReportOutlook(report, needless: "none: \(obstacle.reason) (\(obstacle.advice))")
    }

    private func fileOutlook(
        _ place: PublishSettings.FilePlace, _ findings: [PermissionFinding]
    ) -> ReportOutlook {
        let shelves = shelves(for: place.capability)
        let uploads = place == .artifacts && service.log.upload("/a", "dt-ci") != nil
        var rungs: [ReportOutlook.Rung] = []
        if let shelf = shelves.open ?? (uploads ? nil : shelves.first) {
            rungs.append(rung(place.capability.rawValue, "", place.capability, shelf, findings))
        } else if uploads {
            rungs.append(.init("a line of the job's log"))
        } else {
            let advice = "take \(place.rawValue) out of publish: files: in dt-ci.yml"
            rungs.append(
                .init(place.rawValue, "", nil, .refused(Obstacle(Self.noShelf(place.capability), advice: advice))))
        }
        return ReportOutlook("files", rungs: rungs)
    }

    // MARK: Parts

    private func reportRung(
        _ forge: OpenForge, _ findings: [PermissionFinding], place: String
    ) -> ReportOutlook.Rung {
        rung(forge.forge.reportTitle, place, .annotatedReport, forge.connection.report, findings)
    }

    private func rung<Port>(
        _ name: String, _ place: String, _ capability: Capability, _ access: Access<Port>,
        _ findings: [PermissionFinding]
    ) -> ReportOutlook.Rung {
        if let obstacle = access.obstacle { return .init(name, place, capability, .refused(obstacle)) }
        guard let finding = findings.first(where: { $0.capability == capability }) else {
            return .init(name, place, capability, .untold)
        }
        switch finding.isGranted {
        case true?: return .init(name, place, capability, .holds)
        case nil: return .init(name, place, capability, .untold)
        case false?:
            let obstacle =
                finding.trouble.map { TokenRules.obstacle(finding.token, $0) }
                ?? Obstacle("\(finding.token) may not", advice: finding.advice)
            return .init(name, place, capability, .refused(obstacle))
        }
    }

    /// What is left where the forge takes nothing: the page, where the service shows it.
    private var pageRungs: [ReportOutlook.Rung] {
        run.settings.summarizes && sinks.page.isShown ? [.init("\(pageName) only")] : []
    }

    private var commit: String {
        let slug = run.context.repository.slug ?? "the repository"
        return run.context.source.commit.map { "\(slug)@\($0.prefix(7))" } ?? slug
    }

    private var pullRequest: String { run.context.pullRequest.map { "pull request \($0.number)" } ?? "no pull request" }
}
