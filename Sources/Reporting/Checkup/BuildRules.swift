import CICore
package import CIProviders

/// What detection found, as findings.
package struct BuildRules {
    private let detection: Detection
    private var context: BuildContext { detection.context }

    package init(_ detection: Detection) { self.detection = detection }

    package var findings: [Finding] {
        let maybe = [simulator, source(.branch, "branch"), source(.tag, "tag"), node]
        return service + [forge, commit, pullRequest] + maybe.compactMap(\.self)
    }

    private var isLocal: Bool { context.service == "local" }

    private var service: [Finding] {
        guard !isLocal else { return [Finding(.ok, "CI service", "none: a machine of one's own")] }
        let title = { (id: String) in CIServices.named(id)?.title ?? id }
        var findings = [Finding(.ok, "CI service", "\(title(context.service))\(reason(.service))")]
        let others = detection.candidates.filter { $0 != context.service }
        if !others.isEmpty {
            let names = others.map(title).joined(separator: " and ")
            findings.append(
                Finding(
                    .note, "nested", "the environment fits \(names) as well; \(title(context.service)) was taken",
                    advice: "if that is wrong, take its variable \(detection.decidedBy[.service] ?? "") "
                        + "out of the step's environment"))
        }
        return findings
    }

    private var simulator: Finding? {
        context.simulator.map { name in
            Finding(
                .note, "simulator", "\(name) only pretends to be the CI service\(reason(.simulator))",
                advice: "expect statuses and comments only from the real one")
        }
    }

    private var forge: Finding {
        let repository = context.repository
        let place = [repository.slug, repository.host.map { "at \($0)" }].compactMap(\.self).joined(separator: " ")
        guard let id = repository.forge, let forge = Forges.named(id) else {
            let what = place.isEmpty ? "not known: no remote of git and no variable tells it" : "not known for \(place)"
            return Finding(
                isLocal ? .note : .problem, "forge", what,
                advice: "set --forge (DTCI_FORGE) and --forge-api-url, or forge: kind and api in dt-ci.yml")
        }
        guard repository.slug != nil else {
            return Finding(
                isLocal ? .note : .problem, "forge", "\(forge.title), but which repository is not known",
                advice: "check the code out with git, with the remote called origin")
        }
        return Finding(.ok, "forge", "\(forge.title): \(place)\(reason(.forge))")
    }

    private var commit: Finding {
        guard let commit = context.source.commit else {
            return Finding(
                isLocal ? .note : .problem, "commit", "not known: no variable and no clone of git tells it",
                advice: "check the code out with git before this step, or hand the service's variables to it")
        }
        let merge = context.source.mergeCommit.map { ", merged for the test as \($0.prefix(12))" } ?? ""
        return Finding(.ok, "commit", "\(commit.prefix(12))\(merge)\(reason(.commit))")
    }

    private var pullRequest: Finding {
        guard let pull = context.pullRequest else { return Finding(.ok, "pull request", "none") }
        let target = pull.target.map { " into \($0)" } ?? ""
        let origin = pull.isFork == true ? ", from a fork" : ""
        let text = "\(pull.number)\(target)\(origin)\(reason(.pullRequestNumber))"
        guard pull.isFork == nil else { return Finding(.ok, "pull request", text) }
        return Finding(.note, "pull request", "\(text); whether it is from a fork, the service does not tell")
    }

    private var node: Finding? {
        let node = context.execution.node
        guard let total = node.total else { return nil }
        if let index = node.index { return Finding(.ok, "node", "\(index + 1) of \(total)\(reason(.nodeIndex))") }
        guard total > 1 else { return nil }
        return Finding(
            .problem, "node", "one of \(total)\(reason(.nodeTotal)), but which one is not known",
            advice: "hand the variable with the job's index to the step")
    }

    private func source(_ fact: Fact, _ name: String) -> Finding? {
        let text = context.text(of: fact)
        return text.isEmpty ? nil : Finding(.ok, name, "\(text)\(reason(fact))")
    }

    private func reason(_ fact: Fact) -> String { detection.decidedBy[fact].map { " (by \($0))" } ?? "" }
}
