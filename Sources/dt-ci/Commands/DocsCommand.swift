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

    @Flag(help: "Write nothing; fail if a page differs from what would be written.")
    var check = false

    func run() async throws {
        let surroundings = Surroundings.live
        let directory = surroundings.workingDirectory.pushing(FilePath(output))
        if !check { try surroundings.files.createDirectory(directory) }
        var differing: [String] = []
        for page in try pages() {
            let file = directory.appending(page.name)
            let bytes = Array(page.text.utf8)
            // A page that cannot be read is one that differs.
            let present = try? surroundings.files.contents(of: file, limit: 16 << 20)
            guard present != bytes else { continue }
            differing.append(page.name)
            if !check { try surroundings.files.write(bytes, to: file) }
        }
        guard check, !differing.isEmpty else { return }
        throw ValidationError(
            "\(differing.joined(separator: ", ")) in \(output) is not what the code says; run dt-ci docs --output \(output)"
        )
    }

    private func pages() throws -> [(name: String, text: String)] {
        [
            ("commands.md", CommandReference(try CommandTree.dtci()).markdown),
            ("configuration.md", ConfigurationReference.markdown(runners: TestRunners.all.map(\.id))),
            ("support-matrix.md", SupportMatrix(TestRunners.all).markdown),
        ]
    }
}
