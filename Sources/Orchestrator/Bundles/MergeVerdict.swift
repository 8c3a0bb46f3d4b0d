import CICore

/// The final word on a run that several nodes took part in.
///
/// Precedence: tests lost, with the node that lost them; a node that `--fail-fast` ended; then as for a run of one node.
struct MergeVerdict {
    let nodes: [MergedNode]
    /// Tests lost by 0-based node.
    let lost: [Int: Int]
    let failed: Int
    let flaky: Int
    /// Skipped and quarantined ones included.
    let ran: Int
    let settings: RunSettings
    /// Whether other nodes went on where some had ended: then only what nobody ran counts against these.
    var isResumed = false

    /// The exit code with one sentence for people.
    var word: (code: ExitCode, reason: String) {
        let losses = nodes.compactMap(loss)
        if !losses.isEmpty {
            let shown = losses.prefix(3).joined(separator: "; ")
            let rest = losses.count - 3
            return (.infrastructure, rest > 0 ? "\(shown); and \(counted(rest, "node")) more" : shown)
        }
        for node in nodes {
            guard case .failFast(let failures)? = node.manifest?.ending.stop, !isMadeUpFor(node) else { continue }
            return (
                .testsFailed,
                "\(title(of: node)) ended after \(counted(failures, "failed test")); "
                    + "\(notRun(lost.values.reduce(0, +)))"
            )
        }
        let endings = nodes.compactMap { $0.manifest?.ending }
        return FinalWord(
            facts: .init(
                failed: failed, flaky: flaky, ran: ran, isBroken: endings.contains(where: \.isBroken),
                expired: endings.lazy.compactMap(\.expired).first,
                failsOnFlaky: settings.failsOnFlaky || endings.contains(where: \.failsOnFlaky),
                empty: endings.contains { $0.empty == .error } ? .error : endings.first?.empty ?? settings.empty)
        ).word
    }

    /// What a node did not do; `nil` for one that did its share, or that ended as it was told to.
    private func loss(of node: MergedNode) -> String? {
        let count = lost[node.index, default: 0]
        if isMadeUpFor(node) { return nil }
        let tests = counted(count, "test")
        if node.isMissing { return "the bundle of \(title(of: node)) is missing: \(tests) lost" }
        if node.isDamaged { return "the bundle of \(title(of: node)) is damaged: \(tests) lost" }
        switch node.manifest?.ending.stop {
        case .signal(let number)?:
            return "\(title(of: node)) was ended by signal \(number); \(notRun(count))"
        case .timeLimit(let limit)?:
            return "the limit of \(DurationText.short(limit)) of \(title(of: node)) is over; \(notRun(count))"
        case .failFast?: return nil
        case nil: return count > 0 ? "\(tests) of \(title(of: node)) lost: no result came back" : nil
        }
    }

    private func isMadeUpFor(_ node: MergedNode) -> Bool { isResumed && lost[node.index, default: 0] == 0 }

    private func title(of node: MergedNode) -> String { node.title }
}
