import ArgumentParser
import CICore
import CIProviders
import Orchestrator
import SystemPackage

/// `dt-ci docs`: the pages and sample pipelines that are made from code, for `scripts/check`.
struct DocsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs", abstract: "Write the generated pages of the documentation.",
        discussion: "Example: dt-ci docs --output docs --check", shouldDisplay: false)

    @Option(help: "The directory of the pages.", completion: .directory)
    var output = "docs"

    @Option(help: "The page that holds the compact support matrix; none is written where there is none.")
    var readme = "README.md"

    @Option(help: "The directory of the sample pipelines.", completion: .directory)
    var templates = "ci-templates"

    @Flag(help: "Write nothing; fail if a page differs from what would be written.")
    var check = false

    func run() async throws {
        let surroundings = Surroundings.live
        let root = surroundings.workingDirectory
        let directory = root.pushing(FilePath(output))
        var pages = try pages().map { Page(path: directory.appending($0.name), text: $0.text) }
        if let page = try readmePage(at: root.pushing(FilePath(readme)), surroundings.files) { pages.append(page) }
        pages += samples(in: root.pushing(FilePath(templates)))
        var differing: [String] = []
        for page in pages {
            let bytes = Array(page.text.utf8)
            // A page that cannot be read is one that differs.
            let present = try? surroundings.files.contents(of: page.path, limit: 16 << 20)
            guard present != bytes else { continue }
            differing.append(page.path.lastComponent?.string ?? page.path.string)
            guard !check else { continue }
            try surroundings.files.createDirectory(page.path.removingLastComponent())
            try surroundings.files.write(bytes, to: page.path)
        }
        guard check, !differing.isEmpty else { return }
        throw ValidationError(
            "\(differing.joined(separator: ", ")): not what the code says; run dt-ci docs --output \(output)")
    }

    private struct Page {
        let path: FilePath
        let text: String
    }

    /// The README with the matrix of today between its markers; `nil` where there is no README.
    private func readmePage(at path: FilePath, _ files: any FileSystem) throws -> Page? {
        guard files.size(of: path) != nil else { return nil }
        let text = String(decoding: try files.contents(of: path, limit: 16 << 20), as: UTF8.self)
        guard let renewed = CompactMatrix.renewed(in: text) else {
            throw ValidationError("\(readme) has no lines \(CompactMatrix.begin) and \(CompactMatrix.end)")
        }
        return Page(path: path, text: renewed)
    }

    /// What `dt-ci init --ci` writes for each service, in both shapes.
    private func samples(in directory: FilePath) -> [Page] {
        CIServices.all.flatMap { service in
            [1, 4].flatMap { service.template?.files(for: PipelineShape(nodes: $0, layout: .standard)) ?? [] }
                .map { Page(path: directory.appending(service.id).appending($0.sample), text: $0.text) }
        }
    }

    private func pages() throws -> [(name: String, text: String)] {
        [
            ("commands.md", CommandReference(try CommandTree.dtci()).markdown),
            ("configuration.md", ConfigurationReference.markdown(runners: TestRunners.all.map(\.id))),
            ("support-matrix.md", SupportMatrix(TestRunners.all).markdown),
        ]
    }
}
