import ArgumentParser
import CICore
import CIProviders
import Orchestrator
import SystemPackage

/// `dt-ci init`: writes down what zero configuration would run, and a pipeline that runs it.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write dt-ci.yml with the suites found in the tree, and a CI service's pipeline.",
        discussion: """
            With --ci also the files with which a CI service runs dt-ci: one job that runs everything, or with --jobs so \
            many parallel jobs and one for the verdict. A dt-ci.yml that is there is kept then. A pipeline file that is \
            there is only replaced with --force; without, nothing is written and the exit code is 2.

              dt-ci init
              dt-ci init --ci github-actions --jobs 4
              dt-ci init --ci gitlab-ci --jobs auto
            """)

    @Option(help: "Write the pipeline of this CI service too: auto, \(PipelineFiles.names).")
    var ci: String?

    @Option(
        help: ArgumentHelp(
            "Parallel jobs of the pipeline; auto = as many in each run as its plan finds best.", valueName: "n|auto"))
    var jobs = "1"

    @Option(help: "Where the pipeline gets the dt-ci binary, written into it; else the service's variable tells.")
    var url: String?

    @Option(help: "The SHA-256 of what --url gives.")
    var sha256: String?

    @Flag(help: "Replace files that are there.")
    var force = false

    @Flag(help: "Print the files instead of writing them.")
    var dryRun = false

    @Flag(help: "Say nothing when all is well.")
    var quiet = false

    func validate() throws {
        // --url and --sha256 may come from variables that are meant for pipelines; they say nothing on their own.
        guard let ci else {
            guard jobs == "1" else { throw ValidationError("--jobs is about a pipeline; expected --ci as well.") }
            return
        }
        guard !ci.isEmpty else { throw ValidationError("--ci is empty; expected auto or a CI service.") }
        _ = try binary()
        _ = try shape()
    }

    func run() async throws {
        let surroundings = Surroundings.live
        let zero = ZeroConfiguration(
            in: SourceTree(scanning: surroundings.workingDirectory, with: surroundings.files))
        guard let ci else { return try writeConfiguration(zero, in: surroundings) }
        let service = try await PipelineFiles.service(named: ci, in: surroundings)
        try writePipeline(try PipelineFiles(for: service, shape: try shape()), zero, in: surroundings)
    }

    private func shape() throws -> PipelineShape {
        if jobs == "auto" {
            return PipelineShape(nodes: Self.fixedNodes, isAuto: true, layout: .standard, binary: try binary())
        }
        guard let number = Int(jobs) else { throw ValidationError("--jobs is \"\(jobs)\"; expected a number or auto.") }
        return PipelineShape(nodes: number, layout: .standard, binary: try binary())
    }

    /// For services whose files have a fixed number of nodes: more than that the plan does not get there.
    private static let fixedNodes = 8

    private func binary() throws -> PipelineShape.Binary? {
        guard url != nil || sha256 != nil else { return nil }
        guard let url, let sha256, let binary = PipelineShape.Binary(url: url, sha256: sha256) else {
            throw ValidationError("--url needs a plain URL and --sha256 its 64 hexadecimal digits; expected both.")
        }
        return binary
    }

    private func writeConfiguration(_ zero: ZeroConfiguration, in surroundings: Surroundings) throws {
        let draft = ConfigurationDraft(zero)
        if dryRun { return FileDescriptor.standardOutput.say(draft.text) }
        let file = surroundings.workingDirectory.appending(Configuration.fileName)
        guard force || !surroundings.files.exists(file) else {
            throw ConfigurationError([
                .init(source: Configuration.fileName, problem: "it is there already", expected: "--force to replace it")
            ])
        }
        try surroundings.files.write(Array(draft.text.utf8), to: file)
        say(["wrote \(Configuration.fileName)"] + sentences(of: zero))
    }

    private func sentences(of zero: ZeroConfiguration) -> [String] {
        zero.assumptions.isEmpty ? ["no test runner was recognised"] : zero.assumptions
    }

    private func writePipeline(
        _ pipeline: PipelineFiles, _ zero: ZeroConfiguration, in surroundings: Surroundings
    ) throws {
        if dryRun {
            let texts = pipeline.files.map { "# ---- \($0.path)\n\($0.text)" }
            return FileDescriptor.standardOutput.say(texts.joined(separator: "\n"))
        }
        let root = surroundings.workingDirectory
        let pending = try pipeline.pending(in: root, files: surroundings.files, force: force)
        var lines: [String] = []
        let configuration = root.appending(Configuration.fileName)
        if surroundings.files.exists(configuration) {
            lines.append("kept  \(Configuration.fileName)")
        } else {
            try surroundings.files.write(Array(ConfigurationDraft(zero).text.utf8), to: configuration)
            lines += ["wrote \(Configuration.fileName)"] + sentences(of: zero).map { "      \($0)" }
        }
        for file in pipeline.files {
            let isPending = pending.contains(file)
            let path = root.pushing(FilePath(file.path))
            if isPending {
                try surroundings.files.createDirectory(path.removingLastComponent())
                try surroundings.files.write(Array(file.text.utf8), to: path)
            }
            lines.append("\(isPending ? "wrote" : "kept ") \(file.path)")
        }
        say(lines + ["next: \(pipeline.template.nextStep)"])
        if !surroundings.files.exists(root.appending(".git")) {
            FileDescriptor.standardError.say(
                "warning: this is not a repository's root, and \(pipeline.service.title) looks for its files there\n")
        }
    }

    private func say(_ lines: [String]) {
        guard !quiet else { return }
        FileDescriptor.standardOutput.say(lines.map { $0 + "\n" }.joined())
    }
}
