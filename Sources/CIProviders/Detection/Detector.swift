package import CICore
package import SystemPackage

/// Finds out what this build is, from nothing but what it is handed.
package struct Detector: Sendable {
    private let environment: [String: String]
    private let files: any FileSystem
    private let git: GitFacts

    package init(
        environment: [String: String], files: any FileSystem, processes: any ProcessPort, workingDirectory: FilePath
    ) {
        self.environment = environment
        self.files = files
        git = GitFacts(processes: processes, environment: environment, workingDirectory: workingDirectory)
    }

    /// Reads variables and event files, and asks git for commit, branch and repository where these do not tell.
    package func detect() async -> Detection {
        var sheet = FactSheet(environment: environment, files: files)
        let present = CIServices.all.filter { $0.isPresent(in: sheet) }
        let known = present.filter { $0.id != CIService.generic.id }
        let candidates = known.isEmpty ? present : known
        let service = candidates.first ?? .local
        sheet.set(.service, service.id, from: service.mark(in: sheet) ?? "no CI service's variables")
        service.fill(&sheet)
        await git.fill(&sheet)
        sheet.deriveForge()
        return Detection(sheet, candidates: candidates.map(\.id))
    }
}

extension FactSheet {
    fileprivate mutating func deriveForge() {
        guard let host = self[.host] else { return }
        set(.forge, RepositoryURL.forge(host), from: facts[.host]?.source ?? "host")
    }
}
