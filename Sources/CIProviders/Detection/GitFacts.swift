import CICore
import SystemPackage

/// Commit, branch and repository as git knows them, for what the environment does not tell.
struct GitFacts: Sendable {
    let processes: any ProcessPort
    let environment: [String: String]
    let workingDirectory: FilePath

    /// Starts no process where nothing is missing.
    func fill(_ sheet: inout FactSheet) async {
        await unravelMerge(&sheet)
        // A tag and a pull request have no branch of their own to ask for; a test merge is no head.
        let isMissingCommit = sheet[.commit] == nil && sheet.testMerge == nil
        let isMissingBranch = sheet[.branch] == nil && sheet[.tag] == nil && sheet[.pullRequestNumber] == nil
        let isMissingRepository = sheet[.slug] == nil
        async let head =
            isMissingCommit || isMissingBranch ? ask(["rev-parse", "HEAD", "--abbrev-ref", "HEAD"]) : .none
        async let remotes = isMissingRepository ? ask(["config", "--get-regexp", "^remote\\..*\\.url$"]) : .none
        let (commitAndBranch, urls) = await (head, remotes)
        if isMissingCommit { sheet.set(.commit, commitAndBranch.lines.first, from: "git rev-parse HEAD") }
        if isMissingBranch {
            let name = commitAndBranch.lines.dropFirst().first
            sheet.set(.branch, name.flatMap(RefName.branch), from: "git rev-parse HEAD")
        }
        if commitAndBranch.isDistrusted || urls.isDistrusted {
            sheet.warn(
                "git does not trust this directory, because it belongs to another user: "
                    + "run git config --global --add safe.directory \(workingDirectory)")
        }
        if isMissingRepository { await takeRemote(urls.lines, &sheet) }
    }

    /// `origin`, else the first of `remote.NAME.url URL`. As people wrote it, since `url.X.insteadOf` often leads to a
    /// mirror; but a word such as `gh:` means nothing without it.
    private func takeRemote(_ lines: [String], _ sheet: inout FactSheet) async {
        let line = lines.first { $0.hasPrefix("remote.origin.url ") } ?? lines.first
        guard let line, let space = line.firstIndex(of: " "),
            var repository = RepositoryURL(String(line[line.index(after: space)...]))
        else { return }
        let key = line[..<space]
        var source = "git config \(key)"
        if !repository.host.contains(".") {
            let name = key.dropFirst("remote.".count).dropLast(".url".count)
            let resolved = await ask(["ls-remote", "--get-url", "--", String(name)])
            guard let meant = resolved.lines.first.flatMap({ RepositoryURL($0) }) else { return }
            repository = meant
            source = "git ls-remote --get-url"
        }
        sheet.set(.slug, repository.slug, from: source)
        sheet.set(.host, repository.host, from: source)
    }

    /// Tells the head from the test merge that was checked out. A shallow clone is enough: a commit names its parents.
    private func unravelMerge(_ sheet: inout FactSheet) async {
        guard let merge = sheet.testMerge, merge.kind != .base, sheet[.commit] == nil, merge.commit.isObjectName else {
            return
        }
        let head = merge.head(in: await ask(["cat-file", "commit", merge.commit]).text)
        switch merge.kind {
        case .base: return
        case .ofForge:
            sheet.set(.mergeCommit, merge.commit, from: merge.source)
            sheet.set(.commit, head, from: "git cat-file commit \(merge.source)")
            guard head == nil else { return }
            sheet.warn(
                "the head commit is unknown: \(merge.source) is a merge that only tests it; set DTCI_BUILD_COMMIT")
        case .perhapsOfJenkins:
            guard let head else { return sheet.set(.commit, merge.commit, from: merge.source) }
            sheet.set(.mergeCommit, merge.commit, from: merge.source)
            sheet.set(.commit, head, from: "git cat-file commit \(merge.source)")
        }
    }

    /// What git prints.
    private struct Answer: Sendable {
        static let none = Answer(text: "", isDistrusted: false)
        let text: String
        /// Whether git refused since the directory belongs to somebody else.
        let isDistrusted: Bool

        var lines: [String] { text.split(whereSeparator: \.isNewline).map(String.init) }
    }

    /// Nothing if git fails, is not there or takes longer than two seconds.
    private func ask(_ arguments: [String]) async -> Answer {
        var environment = environment
        environment["GIT_TERMINAL_PROMPT"] = "0"
        environment["GIT_OPTIONAL_LOCKS"] = "0"
        environment["LC_ALL"] = "C"
        let command = ProcessCommand(
            ["git"] + arguments, environment: environment, workingDirectory: workingDirectory)
        // No git and no repository are no errors: the fact stays unknown.
        guard let captured = try? await processes.capture(command, limit: 64 << 10, timeout: .seconds(2)) else {
            return .none
        }
        guard captured.exit.isSuccess else {
            let refusal = String(decoding: captured.standardError, as: UTF8.self)
            return Answer(text: "", isDistrusted: refusal.contains("dubious ownership"))
        }
        return Answer(text: captured.text, isDistrusted: false)
    }
}
