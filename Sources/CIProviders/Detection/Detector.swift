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
        BuildOverrides.fill(&sheet)
        let (service, candidates) = sheet.chooseService()
        service.fill(&sheet)
        sheet.takeMergeQueue()
        sheet.settleNode(of: service)
        await git.fill(&sheet)
        sheet.deriveForge()
        return Detection(sheet, candidates: candidates.map(\.id))
    }
}

extension FactSheet {
    /// The service that a user names, else the first whose variables are there, with all of these.
    fileprivate mutating func chooseService() -> (service: CIService, candidates: [CIService]) {
        let present = CIServices.all.filter { $0.mark(in: self) != nil }
        let known = present.filter { $0.id != CIService.generic.id }
        let candidates = known.isEmpty ? present : known
        if let name = self[BuildOverrides.service] {
            if let named = (CIServices.all + [.local]).first(where: { $0.id == name }) {
                set(.service, named.id, from: BuildOverrides.service)
                return (named, candidates)
            }
            let ids = CIServices.all.map(\.id).joined(separator: ", ")
            warn("\(BuildOverrides.service) was passed over: \(name) is none of \(ids), local")
        }
        let service = candidates.first ?? .local
        set(.service, service.id, from: service.mark(in: self) ?? "no CI service's variables")
        if candidates.count > 1 {
            let titles = candidates.map(\.title)
            let all = titles.dropLast().joined(separator: ", ") + " and " + (titles.last ?? "")
            warn("the environment fits \(all): \(service.title) was taken; set \(BuildOverrides.service) to choose")
        }
        return (service, candidates)
    }

    /// The branch of GitHub's merge queue names the pull request and its target, whatever service builds it.
    fileprivate mutating func takeMergeQueue() {
        guard let branch = facts[.branch], let queued = RefName.queued(branch.value) else { return }
        set(.pullRequestNumber, queued.number, from: branch.source)
        set(.pullRequestTarget, queued.target, from: branch.source)
    }

    fileprivate mutating func deriveForge() {
        guard let host = self[.host] else { return }
        set(.forge, RepositoryURL.forge(host), from: facts[.host]?.source ?? "host")
    }
}
