import ArgumentParser
import CICore
import Orchestrator
import SystemPackage

/// Where it stands who answers for what.
struct OwnerOptions: ParsableArguments {
    @Option(
        help: """
            Read who answers for which paths from this file (default: CODEOWNERS of the repository, in .github, .gitlab, its \
            root or docs).
            """, completion: .file())
    var owners: String?

    /// Who answers for the tests of a project; `nil` if no file says it.
    ///
    /// - Throws: `ReportFailure` for a file that was named and cannot be read.
    func find(of project: HistoryProject, in surroundings: Surroundings) throws -> (file: FilePath, tests: TestOwners)?
    {
        guard let found = try file(around: project.root, in: surroundings) else { return nil }
        let tree = SourceTree(scanning: project.root, with: surroundings.files)
        return (found.file, TestOwners(found, suites: project.suites, tree: tree))
    }

    private func file(around root: FilePath, in surroundings: Surroundings) throws -> CodeOwners? {
        let found = CodeOwners.find(around: root, files: surroundings.files)
        guard let owners else { return found }
        do throws(FileError) {
            return try CodeOwners.read(
                surroundings.workingDirectory.pushing(FilePath(owners)), root: found?.root ?? root,
                files: surroundings.files)
        } catch {
            throw ReportFailure("\(SafeText.line(owners)): \(error)")
        }
    }
}
