import CICore
import CIProviders
import Orchestrator
import Reporting
import SystemPackage

/// One `dt-ci doctor`: looks at everything that a run needs, all at once, and writes nothing.
struct DoctorSession: Sendable {
    let surroundings: Surroundings
    /// What is known of the configuration; the error where it cannot be read.
    let configuration: Result<Configuration, ConfigurationError>
    /// Whether nothing may leave this machine.
    let isOffline: Bool
    /// For everything together.
    let patience: Duration

    /// The findings, without any secret.
    func checkup() async -> Checkup {
        let start = ContinuousClock.now
        let desk = await openDesk()
        async let runners = runnerSection()
        async let stores = storeSection(isCI: desk.desk.run.context.service != "local")
        let build = Checkup.Section("Build", BuildRules(desk.desk.detection).findings)
        let (reports, tokens, network) = await reportSections(desk.desk, through: desk.http)
        let sections = [build, reports, tokens, network, await runners, await stores]
        return Checkup(sections: sections.filter { !$0.findings.isEmpty }, duration: ContinuousClock.now - start)
            .masking(secrets)
    }

    // MARK: Build, reports, tokens, network

    private func openDesk() async -> (desk: PublishDesk, http: WatchedHTTP) {
        let http = WatchedHTTP(surroundings.liveHTTP())
        let settings = try? configuration.get()
        let desk = await PublishDesk.open(
            settings?.reporting ?? .init(), in: surroundings,
            results: settings?.storage.results ?? surroundings.workingDirectory, start: 0,
            delivery: .asking(http, budget: patience * 0.6))
        return (desk, http)
    }

    private func reportSections(
        _ desk: PublishDesk, through http: WatchedHTTP
    ) async -> (reports: Checkup.Section, tokens: Checkup.Section, network: Checkup.Section) {
        let forge = desk.connections.forge
        let service = desk.connections.service
        async let ofForge = permissions(forge?.connection.permissions)
        async let ofService = permissions(service?.permissions)
        let (forgeFindings, serviceFindings) = await (ofForge, ofService)
        let outlooks = desk.publisher.outlook((forgeFindings ?? []) + (serviceFindings ?? []))
        let isNeeded = desk.isWanted
        let reports = isNeeded ? ReportRules.findings(outlooks) : ReportRules.unwanted(unwanted(desk))
        let wanted = ReportRules.capabilities(outlooks)
        var tokens: [Finding] = []
        if isOffline {
            tokens = [Finding(.ok, "tokens", "not asked about (--offline)")]
        } else {
            if let forge {
                let rules = TokenRules(
                    forge.forge.title, reportTitle: forge.forge.reportTitle, wanted: wanted, isNeeded: isNeeded)
                tokens +=
                    forgeFindings.map { rules.findings($0, otherwise: forge.connection.obstacle) } ?? [late("tokens")]
            }
            if service != nil, let title = CIServices.named(desk.run.context.service)?.title {
                // Without a token of its own a service's API is for nobody who did not ask for it.
                let rules = TokenRules(title, wanted: wanted.union([.journal]), isNeeded: isNeeded)
                tokens += serviceFindings.map { rules.findings($0, otherwise: nil) } ?? [late(title)]
            }
        }
        let network = await networkFindings(desk, through: http, isNeeded: isNeeded)
        return (
            Checkup.Section("Reports", reports), Checkup.Section("Tokens", tokens), Checkup.Section("Network", network)
        )
    }

    private func networkFindings(
        _ desk: PublishDesk, through http: WatchedHTTP, isNeeded: Bool
    ) async -> [Finding] {
        let checks = NetworkChecks(surroundings: surroundings, isNeeded: isNeeded)
        let forge = desk.connections.forge
        let base = forge?.connection.base
        var findings = checks.settings(for: base)
        if isOffline { return findings + [Finding(.ok, "API", "not asked (--offline)")] }
        if let forge, let base {
            let answer = await Patience.run(within: patience * 0.35) {
                await checks.exchanges(with: (forge.forge.title, base), through: http)
            }
            findings += answer ?? [late(forge.forge.title)]
        }
        return findings
    }

    /// `nil` where the API did not answer in time.
    private func permissions(
        _ ask: (@Sendable () async -> [PermissionFinding])?
    ) async -> [PermissionFinding]? {
        guard let ask, !isOffline else { return [] }
        return await Patience.run(within: patience * 0.6) { await ask() }
    }

    private func unwanted(_ desk: PublishDesk) -> String {
        desk.run.settings.when == .never
            ? "nothing is posted (publish: when: never)"
            : "nothing is posted outside of a CI service (publish: when: auto)"
    }

    // MARK: Runners and stores

    private func runnerSection() async -> Checkup.Section {
        let findings: [Finding]
        switch configuration {
        case .failure(let error):
            findings = error.issues.prefix(10).map { issue in
                Finding(
                    .broken(.usage), "configuration", issue.description,
                    advice: "mend it; dt-ci config check reads it again")
            }
        case .success(let configuration):
            let checks = RunnerChecks(
                configuration: configuration, surroundings: surroundings, patience: min(.seconds(5), patience * 0.4))
            async let machine = Patience.run(within: patience) { await surroundings.hardware(configuration.hardware) }
            let tools = await Patience.run(within: patience) { await checks.findings() } ?? [late("runners")]
            findings =
                tools
                + (await machine.map { HardwareChecks(hardware: $0, suites: configuration.suites).findings }
                    ?? [late("hardware")])
        }
        return Checkup.Section("Runners", findings)
    }

    private func storeSection(isCI: Bool) async -> Checkup.Section {
        guard let configuration = try? configuration.get() else { return Checkup.Section("Stores", []) }
        let checks = StoreChecks(
            configuration: configuration, files: surroundings.files, temporary: surroundings.temporaryDirectory,
            isCI: isCI)
        return Checkup.Section(
            "Stores", await Patience.block(within: patience * 0.6) { checks.findings() } ?? [late("stores")])
    }

    private func late(_ subject: String) -> Finding {
        Finding(
            .problem, subject, "no answer within \(DurationText.short(patience))",
            advice: "try again with a larger --within; what hangs here would hang a run as well")
    }

    private var secrets: [Secret] {
        let variables = surroundings.environment.filter { Suite.isNameOfSecret($0.key) }.map { Secret($0.value) }
        return variables + ((try? configuration.get())?.suites.flatMap(\.secrets) ?? [])
    }
}

extension ForgeConnection {
    /// What stands in the way of everything; `nil` if something is open.
    fileprivate var obstacle: Obstacle? {
        guard let obstacle = status.obstacle, report.port == nil, comments.port == nil else { return nil }
        return obstacle
    }
}
