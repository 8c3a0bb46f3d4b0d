package import CICore

/// What this build is, and how that was found out.
package struct Detection: Sendable, Hashable {
    package var context: BuildContext
    /// The variable, file or command behind each fact that is known.
    package var decidedBy: [Fact: String]
    /// Ids of every service that the environment fits; more than one is worth a warning.
    package var candidates: [String]
    /// What a person should know of it: sentences without a full stop.
    package var warnings: [String]

    package init(
        context: BuildContext, decidedBy: [Fact: String], candidates: [String], warnings: [String] = []
    ) {
        self.context = context
        self.decidedBy = decidedBy
        self.candidates = candidates
        self.warnings = warnings
    }
}

extension Detection {
    /// Makes the context of what a sheet holds; what is out of its bounds is left out.
    init(_ sheet: FactSheet, candidates: [String]) {
        var sheet = sheet
        sheet.dropImpossible()
        let number = sheet[.pullRequestNumber].flatMap { Int($0) }
        let context = BuildContext(
            service: sheet[.service] ?? CIService.local.id, simulator: sheet[.simulator],
            source: .init(
                commit: sheet[.commit], mergeCommit: sheet[.mergeCommit], branch: sheet[.branch], tag: sheet[.tag]),
            pullRequest: number.map {
                .init(
                    number: $0, target: sheet[.pullRequestTarget], isFork: sheet[.pullRequestFork].map { $0 == "true" })
            },
            repository: .init(
                slug: sheet[.slug], forge: sheet[.forge], host: sheet[.host], defaultBranch: sheet[.defaultBranch]),
            execution: .init(
                run: .init(
                    id: sheet[.runID], attempt: sheet[.runAttempt].flatMap { Int($0) }, number: sheet[.runNumber],
                    url: sheet[.runURL]),
                job: .init(id: sheet[.jobID], name: sheet[.jobName], url: sheet[.jobURL]),
                node: .init(
                    index: sheet[.nodeIndex].flatMap { Int($0) }, total: sheet[.nodeTotal].flatMap { Int($0) })),
            actor: sheet[.actor])
        self.init(
            context: context, decidedBy: sheet.facts.mapValues(\.source), candidates: candidates,
            warnings: sheet.warnings)
    }
}

extension FactSheet {
    /// Numbers that are none, commits that are none, facts of a pull request that is not there.
    fileprivate mutating func dropImpossible() {
        for fact in [Fact.pullRequestNumber, .runAttempt] {
            if let text = self[fact], (Int(text) ?? 0) < 1 { drop(fact) }
        }
        for fact in [Fact.commit, .mergeCommit] {
            if let text = self[fact], !text.isObjectName { drop(fact) }
        }
        if self[.mergeCommit] == self[.commit] { drop(.mergeCommit) }
        if self[.pullRequestNumber] == nil {
            drop(.pullRequestTarget)
            drop(.pullRequestFork)
        }
    }
}

extension String {
    /// At least seven hexadecimal digits, and not the zeros that mean "none".
    var isObjectName: Bool {
        (7...64).contains(utf8.count) && utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
            && !utf8.allSatisfy { $0 == UInt8(ascii: "0") }
    }
}
