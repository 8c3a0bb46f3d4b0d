import CICore
import CIProviders
import Orchestrator
import SystemPackage

/// The pipeline files of one CI service, and what may be done with those that are there already.
struct PipelineFiles {
    let service: CIService
    let template: CITemplate
    let files: [CITemplate.File]

    /// Throws `ConfigurationError` for a service without a template and for more jobs than it starts.
    init(for service: CIService, shape: PipelineShape) throws(ConfigurationError) {
        guard let template = service.template else {
            throw Self.error("--ci", "there is no template for \(service.title)", expected: Self.names)
        }
        guard !shape.isAuto || service.output != nil else {
            throw Self.error(
                "--jobs", "\(service.title) cannot start as many jobs as a plan asks for",
                expected: "1 to \(template.mostNodes)")
        }
        guard (1...template.mostNodes).contains(shape.nodes) else {
            throw Self.error(
                "--jobs", "\(shape.nodes)",
                expected: "1 to \(template.mostNodes), which \(service.title) starts at most")
        }
        self.service = service
        self.template = template
        files = template.files(for: shape)
    }

    /// Whether each file is to be written: one that is there as it would be written is not.
    ///
    /// Throws `ConfigurationError` for files of somebody else unless `force` is set; nothing is written then.
    func pending(
        in directory: FilePath, files system: any FileSystem, force: Bool
    ) throws(ConfigurationError) -> [CITemplate.File] {
        var pending: [CITemplate.File] = []
        var foreign: [ConfigurationError.Issue] = []
        for file in files {
            let path = directory.pushing(FilePath(file.path))
            guard system.exists(path) else {
                pending.append(file)
                continue
            }
            // What cannot be read is not ours.
            guard (try? system.contents(of: path, limit: 1 << 20)) != Array(file.text.utf8) else { continue }
            pending.append(file)
            foreign.append(
                .init(
                    source: file.path, problem: "it is there already",
                    expected: "--force to replace it, or --dry-run to see what to take over"))
        }
        guard force || foreign.isEmpty else { throw ConfigurationError(foreign) }
        return pending
    }

    /// The service that `--ci` names; `auto` takes the one that this process runs in, else the one of the forge that
    /// holds the code.
    static func service(named name: String, in surroundings: Surroundings) async throws -> CIService {
        guard name == "auto" else {
            if let service = CIServices.named(name), service.template != nil { return service }
            throw error("--ci", "\"\(name)\" is no CI service with a template", expected: "auto or \(names)")
        }
        let context = await Detector(
            environment: surroundings.environment, files: surroundings.files, processes: LocalProcesses(),
            workingDirectory: surroundings.workingDirectory
        ).detect().context
        if let service = CIServices.named(context.service), service.template != nil { return service }
        let home = CIServices.all.first { service in
            context.repository.forge.map { service.template?.homeForges.contains($0) ?? false } ?? false
        }
        guard let home else {
            throw error(
                "--ci auto", "neither this machine nor the repository's URL tells the CI service", expected: names)
        }
        return home
    }

    /// Every service with a template.
    static var names: String { CIServices.all.filter { $0.template != nil }.map(\.id).joined(separator: ", ") }

    private static func error(_ source: String, _ problem: String, expected: String) -> ConfigurationError {
        ConfigurationError([.init(source: source, problem: problem, expected: expected)])
    }
}

extension ResultsLayout {
    /// What dt-ci writes where nothing is configured.
    static var standard: ResultsLayout {
        let directory = RunDirectory(root: ".dt-ci", run: RunID(""), files: LocalFileSystem())
        return ResultsLayout(
            root: directory.root.string, junit: directory.junit.string, results: directory.results.string,
            history: directory.root.appending("history.db").string, plan: directory.root.appending("plan.json").string,
            bundles: directory.root.appending(BundleDirectory.collection).string)
    }
}
