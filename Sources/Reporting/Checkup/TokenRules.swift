import CICore
package import CIProviders

/// What the APIs say of the tokens, as findings; a token is named by its variable and never shown.
package struct TokenRules {
    /// Who was asked, as people call it.
    private let title: String
    /// What its annotated report is called.
    private let reportTitle: String
    /// What the reports need.
    private let wanted: Set<Capability>
    /// Whether reports are to be posted here.
    private let isNeeded: Bool

    package init(_ title: String, reportTitle: String = "", wanted: Set<Capability>, isNeeded: Bool) {
        self.title = title
        self.reportTitle = reportTitle
        self.wanted = wanted
        self.isNeeded = isNeeded
    }

    /// One finding for each token; `obstacle` is what stands in the way without any.
    package func findings(_ all: [PermissionFinding], otherwise obstacle: Obstacle?) -> [Finding] {
        var order: [String] = []
        for finding in all where !finding.token.isEmpty && !order.contains(finding.token) {
            order.append(finding.token)
        }
        let told = order.compactMap { token in finding(token, all.filter { $0.token == token }) }
        guard told.isEmpty else { return told }
        if let open = all.first(where: { $0.isGranted == true && $0.token.isEmpty }) {
            return [Finding(.ok, title, "\(open.capability.rawValue) needs no token here")]
        }
        guard let obstacle else { return [] }
        return [Finding(isNeeded ? .problem : .note, title, obstacle.reason, advice: obstacle.advice)]
    }

    /// `nil` for a token that no report needs.
    private func finding(_ token: String, _ all: [PermissionFinding]) -> Finding? {
        if let trouble = all.lazy.compactMap(\.trouble).first { return finding(token, trouble) }
        let asked = all.filter { wanted.contains($0.capability) }
        let may = asked.filter { $0.isGranted == true }
        let mayNot = asked.filter { $0.isGranted == false }
        let untold = asked.filter { $0.isGranted == nil }
        guard !asked.isEmpty else { return nil }
        var clauses: [String] = []
        let reads = may.contains { $0.capability == .journal }
        let posts = may.filter { $0.capability != .journal }
        if !posts.isEmpty { clauses.append("may post \(names(posts))") }
        if reads { clauses.append("may read \(Capability.journal.rawValue)") }
        if !mayNot.isEmpty { clauses.append("may not post \(names(mayNot))") }
        if !untold.isEmpty { clauses.append("whether it may post \(names(untold)), only the first post shows") }
        let text = clauses.joined(separator: "; ")
        if let missing = mayNot.first {
            return Finding(isNeeded ? .problem : .note, token, text, advice: missing.advice)
        }
        guard !untold.isEmpty else { return Finding(.ok, token, text) }
        return Finding(.note, token, text, advice: "if it is refused: \(advice(untold))")
    }

    private func finding(_ token: String, _ trouble: APIError) -> Finding {
        let words = Self.words(token, trouble)
        return Finding(isNeeded ? .problem : .note, token, "\(words.clause) (\(trouble))", advice: words.advice)
    }

    /// What an API's refusal to say anything of a token means to a report.
    static func obstacle(_ token: String, _ trouble: APIError) -> Obstacle {
        let words = words(token, trouble)
        return Obstacle("\(token) \(words.clause)", advice: words.advice)
    }

    private static func words(_ token: String, _ trouble: APIError) -> (clause: String, advice: String) {
        switch trouble.code {
        case .unauthorized:
            ("is not accepted: wrong, expired or revoked", "make a new token and set \(token) to it")
        case .forbidden, .notFound:
            ("may not even read", "give the token access to this repository, or set \(token) to one that has it")
        case .rateLimited: ("is used up for now", "wait, or give this pipeline a token of its own")
        default: ("could not be asked about", "look at Network below")
        }
    }

    private func names(_ findings: [PermissionFinding]) -> String {
        findings.map { finding in
            finding.capability == .annotatedReport && !reportTitle.isEmpty ? reportTitle : finding.capability.rawValue
        }.joined(separator: ", ")
    }

    /// Each piece of advice once.
    private func advice(_ findings: [PermissionFinding]) -> String {
        var pieces: [String] = []
        for finding in findings where !finding.advice.isEmpty && !pieces.contains(finding.advice) {
            pieces.append(finding.advice)
        }
        return pieces.joined(separator: "; ")
    }
}
