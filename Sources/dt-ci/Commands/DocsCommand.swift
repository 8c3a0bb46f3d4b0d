import ArgumentParser
import CICore
import Orchestrator
import SystemPackage

/// `dt-ci docs`: the pages that are made from code, for `scripts/check`.
struct DocsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs", abstract: "Write the generated pages of the documentation.",
        discussion: "Example: dt-ci docs --output docs --check", shouldDisplay: false)

    @Option(help: "The directory of the pages.", completion: .directory)
    var output = "docs"

    @Option(help: "The page that holds the compact support matrix; none is written where there is none.")
    var readme = "README.md"

    @Flag(help: "Write nothing; fail if a page differs from what would be written.")
    var check = false

    func run() async throws {
        let surroundings = Surroundings.live
        let root = surroundings.workingDirectory
        let directory = root.pushing(FilePath(output))
        if !check { try surroundings.files.createDirectory(directory) }
        var pages = try pages().map { Page(path: directory.appending($0.name), text: $0.text) }
        if let page = try readmePage(at: root.pushing(FilePath(readme)), surroundings.files) { pages.append(page) }
        var differing: [String] = []
        for page in pages {
            let bytes = Array(page.text.utf8)
            // A page that cannot be read is one that differs.
            let present = try? surroundings.files.contents(of: page.path, limit: 16 << 20)
            guard present != bytes else { continue }
            differing.append(page.path.lastComponent?.string ?? page.path.string)
            if !check { try surroundings.files.write(bytes, to: page.path) }
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

    private func pages() throws -> [(name: String, text: String)] {
        [
            ("commands.md", CommandReference(try CommandTree.dtci()).markdown),
            ("configuration.md", ConfigurationReference.markdown(runners: TestRunners.all.map(\.id))),
            ("support-matrix.md", SupportMatrix(TestRunners.all).markdown),
        ]
    }
}
