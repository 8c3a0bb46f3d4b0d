import CICore
import SystemPackage

/// Commit, branch and repository as git knows them, for what the environment does not tell.
struct GitFacts: Sendable {
    let processes: any ProcessPort
    let environment: [String: String]
    let workingDirectory: FilePath

    /// Starts no process where nothing is missing.
    func fill(_ sheet: inout FactSheet) async {
        let isMissingCommit = sheet[.commit] == nil
        // A tag and a pull request have no branch of their own to ask for.
        let isMissingBranch = sheet[.branch] == nil && sheet[.tag] == nil && sheet[.pullRequestNumber] == nil
        let isMissingRepository = sheet[.slug] == nil
        async let head = isMissingCommit || isMissingBranch ? lines(["rev-parse", "HEAD", "--abbrev-ref", "HEAD"]) : []
        async let remote = isMissingRepository ? lines(["config", "--get", "remote.origin.url"]) : []
        let (commitAndBranch, url) = await (head, remote)
        sheet.set(.commit, commitAndBranch.first, from: "git rev-parse HEAD")
        if isMissingBranch {
            sheet.set(.branch, commitAndBranch.dropFirst().first.flatMap(RefName.branch), from: "git rev-parse HEAD")
        }
        guard let repository = url.first.flatMap({ RepositoryURL($0) }) else { return }
        sheet.set(.slug, repository.slug, from: "git remote origin")
        sheet.set(.host, repository.host, from: "git remote origin")
    }

    /// What git prints; nothing if it fails, is not there or takes longer than two seconds.
    private func lines(_ arguments: [String]) async -> [String] {
        var environment = environment
        environment["GIT_TERMINAL_PROMPT"] = "0"
        environment["GIT_OPTIONAL_LOCKS"] = "0"
        let command = ProcessCommand(
            ["git"] + arguments, environment: environment, workingDirectory: workingDirectory)
        // No git and no repository are no errors: the fact stays unknown.
        guard let captured = try? await processes.capture(command, limit: 64 << 10, timeout: .seconds(2)),
            captured.exit.isSuccess
        else { return [] }
        return captured.text.split(whereSeparator: \.isNewline).map(String.init)
    }
}
