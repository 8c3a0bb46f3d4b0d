import CICore
import Orchestrator
import SystemPackage
import TestHistory

/// The git checkout around a configuration; wherever there is none, nothing is known of the source.
struct WorkingCopy {
    let root: FilePath
    let environment: [String: String]

    /// The full hash of what is checked out.
    func commit() async -> String? {
        let hash = await git("rev-parse", "--verify", "--quiet", "HEAD")
        return hash?.isEmpty == false ? hash : nil
    }

    /// Where the checked out commit and another reference parted; `nil` where history is too shallow to tell.
    func mergeBase(with reference: String) async -> String? {
        let hash = await git("merge-base", "HEAD", reference)
        return hash?.isEmpty == false ? hash : nil
    }

    /// The branch that the origin called its default when the clone was made; `nil` where the clone does not know.
    func defaultBranch() async -> String? {
        let name = await git("rev-parse", "--abbrev-ref", "origin/HEAD")
        guard let name, name.hasPrefix("origin/"), name != "origin/HEAD" else { return nil }
        return String(name.dropFirst("origin/".count))
    }

    /// The commit, unless there are changes to it: then two runs are not runs of the same code.
    func source() async -> HistoricalRun.Source {
        guard let commit = await commit() else { return HistoricalRun.Source() }
        let changes = await git("status", "--porcelain", "--untracked-files=no")
        let branch = await git("rev-parse", "--abbrev-ref", "HEAD")
        return HistoricalRun.Source(commit: changes == "" ? commit : nil, branch: branch == "HEAD" ? nil : branch)
    }

    /// The first line that it prints.
    private func git(_ arguments: String...) async -> String? {
        let command = ProcessCommand(["git"] + arguments, environment: environment, workingDirectory: root)
        // No git, or no repository: then nothing is known.
        guard let result = try? await LocalProcesses().capture(command, limit: 1 << 16, timeout: .seconds(2)),
            result.exit.isSuccess
        else { return nil }
        return result.text.split(separator: "\n").first.map(String.init) ?? ""
    }
}
