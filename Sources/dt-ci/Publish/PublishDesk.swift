import CICore
import CIProviders
import Orchestrator
import Reporting
import SystemPackage

/// Everything that publishing needs, opened for this process: build context, forge, CI service, log and summary.
struct PublishDesk {
    let detection: Detection
    let run: PublishedRun
    let publisher: Publisher
    let log: LogDialect
    /// What the tokens open.
    let connections: Connections

    /// The APIs of the forge and the CI service; `nil` where there is none.
    struct Connections: Sendable {
        var forge: Publisher.OpenForge?
        var service: ServiceConnection?
    }

    /// How requests leave.
    enum Delivery {
        case live
        /// Nothing leaves; requests are shown on standard output.
        case rehearsal
        /// Requests go to this port, patiently for so long; nothing else is done.
        case asking(any HTTPPort, budget: Duration)

        /// `nil` = the real one.
        fileprivate var http: (any HTTPPort)? {
            switch self {
            case .live: nil
            case .rehearsal: RehearsalHTTP { FileDescriptor.standardOutput.say($0 + "\n") }
            case .asking(let port, _): port
            }
        }

        fileprivate var isLive: Bool {
            if case .live = self { return true }
            return false
        }

        fileprivate func manners(_ budget: Duration) -> Exchange.Manners {
            var manners = Exchange.Manners()
            manners.budget = budget
            guard case .asking(_, let budget) = self else { return manners }
            manners.budget = budget
            manners.timeout = min(manners.timeout, budget)
            manners.tries = 2
            return manners
        }
    }

    /// Detects the build and opens what its tokens open; sends nothing yet.
    static func open(
        _ reporting: Configuration.Reporting, in surroundings: Surroundings, results: FilePath, start: Int,
        scope: PublishedRun.Scope = .run, delivery: Delivery = .live, console: FileDescriptor = .standardOutput
    ) async -> PublishDesk {
        var given = surroundings
        if let api = reporting.forge.api { given.environment["DTCI_FORGE_API_URL"] = api }
        let surroundings = given
        let detection = await Detector(
            environment: surroundings.environment, files: surroundings.files, processes: LocalProcesses(),
            workingDirectory: surroundings.workingDirectory
        ).detect()
        var context = detection.context
        if let kind = reporting.forge.kind { context.repository.forge = kind }
        // Which node the merging job is says nothing about the results.
        if scope == .merged { context.execution.node = .init() }
        let exchange = surroundings.exchange(
            delivery.manners(reporting.publish.delivery.budget), http: delivery.http)
        let forge = Forges.named(context.repository.forge)
        func access() -> APIAccess {
            APIAccess(
                context: context, environment: surroundings.environment, files: surroundings.files, exchange: exchange)
        }
        if context.pullRequest == nil { context.pullRequest = await forge?.pullRequest(of: access()) }
        let service = CIServices.named(context.service)
        let run = PublishedRun(
            context: context, settings: reporting.publish, start: start, scope: scope, report: reporting.report)
        let connections = Connections(
            forge: forge.map { .init($0, $0.connect(access())) }, service: service?.api?.connect(access()))
        let publisher = Publisher(
            run: run, forge: connections.forge,
            service: .init(
                log: service?.log ?? .plain, api: service?.api, connection: connections.service),
            sinks: Publisher.Sinks(
                log: { lines in Self.write(lines, delivery, to: console) },
                page: .open(
                    service?.log.summary ?? .none, environment: surroundings.environment, files: surroundings.files,
                    results: results, isRehearsal: !delivery.isLive, console: console),
                keep: { name, bytes in
                    let path = results.appending(name)
                    guard delivery.isLive else { return "not written" }
                    try surroundings.files.createDirectory(results)
                    try surroundings.files.write(bytes, to: path)
                    return path.string
                },
                pause: { try await Task.sleep(for: .seconds(Double.random(in: $0))) }))
        return PublishDesk(
            detection: detection.with(context), run: run, publisher: publisher, log: service?.log ?? .plain,
            connections: connections)
    }

    /// Whether `dt-ci run` is to publish here.
    var isWanted: Bool {
        switch run.settings.when {
        case .always: true
        case .never: false
        case .auto: run.context.service != "local"
        }
    }

    private static func write(_ lines: [String], _ delivery: Delivery, to console: FileDescriptor) {
        guard !lines.isEmpty else { return }
        let text = lines.map { $0 + "\n" }.joined()
        // Shown, a command would be carried out.
        let shown = delivery.isLive ? text : "log:\n" + lines.map { "  \(SafeText.line($0, limit: 2000))\n" }.joined()
        console.say(shown)
    }
}

extension Detection {
    /// With what the configuration says over what was found.
    fileprivate func with(_ context: BuildContext) -> Detection {
        var detection = self
        if context.repository.forge != self.context.repository.forge { detection.decidedBy[.forge] = "forge: kind" }
        detection.context = context
        return detection
    }
}

extension SummaryPage {
    /// The service's own place for summaries, else `summary.md` among the results.
    static func open(
        _ summary: LogDialect.Summary, environment: [String: String], files: any FileSystem, results: FilePath,
        isRehearsal: Bool, console: FileDescriptor = .standardOutput
    ) -> SummaryPage {
        let own = results.appending("summary.md")
        switch summary {
        case .file(let variable, let limit):
            guard let path = environment[variable].map({ FilePath($0) }), !path.isEmpty else { break }
            // A file that is not there yet is empty.
            let used = (try? files.contents(of: path, limit: limit).count) ?? 0
            return SummaryPage(room: max(0, limit - used - 1), isShown: true) { page in
                guard !isRehearsal else { return Self.rehearse(page) }
                let file = try FileDescriptor.open(
                    path, .writeOnly, options: [.append, .create], permissions: [.ownerReadWrite, .groupRead])
                try file.closeAfter { _ = try file.writeAll(Array("\(page)\n".utf8)) }
                return "\(variable)"
            }
        case .announced(let line):
            return SummaryPage(room: 1 << 20, isShown: true) { page in
                guard !isRehearsal else { return Self.rehearse(page) }
                try files.createDirectory(results)
                try files.write(Array(page.utf8), to: own)
                console.say(line(own.string) + "\n")
                return own.string
            }
        case .none: break
        }
        return SummaryPage(room: 1 << 20, isShown: false) { page in
            guard !isRehearsal else { return Self.rehearse(page) }
            try files.createDirectory(results)
            try files.write(Array(page.utf8), to: own)
            return own.string
        }
    }

    private static func rehearse(_ page: String) -> String {
        FileDescriptor.standardOutput.say("page:\n\(SafeText.block(page, limit: 64 << 10))\n")
        return "not written"
    }
}

extension [LocalReport] {
    /// A run's own reports, as far as they are there.
    init(in results: FilePath, files: any FileSystem) {
        self.init(["junit.xml", "results.json", "state.json"].map { results.appending($0) }, files: files)
    }

    /// Files by their names; what is not there is left out.
    init(_ paths: [FilePath], files: any FileSystem) {
        self = paths.compactMap { path in
            guard let size = files.size(of: path), let name = path.lastComponent?.string else { return nil }
            let mediaType = name.hasSuffix(".json") ? "application/json" : "application/xml"
            return LocalReport(
                path: path.string,
                shared: SharedFile(name: name, content: .file(path, count: Int64(size)), mediaType: mediaType))
        }
    }
}
