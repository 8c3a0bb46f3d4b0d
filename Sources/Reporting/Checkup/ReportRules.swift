import CICore
package import CIProviders

/// Where reports would go, as findings.
package enum ReportRules {
    /// One finding for each report that is asked for.
    package static func findings(_ outlooks: [ReportOutlook]) -> [Finding] { outlooks.map(finding) }

    /// The finding of a run that posts nothing.
    package static func unwanted(_ reason: String) -> [Finding] { [Finding(.ok, "reports", reason)] }

    /// What the reports need of tokens.
    package static func capabilities(_ outlooks: [ReportOutlook]) -> Set<Capability> {
        Set(outlooks.flatMap(\.rungs).compactMap(\.capability))
    }

    private static func finding(_ outlook: ReportOutlook) -> Finding {
        if let needless = outlook.needless { return Finding(.ok, outlook.report, needless) }
        let refused = outlook.rungs.prefix { $0.standing.obstacle != nil }
        let advice = refused.first?.standing.obstacle?.advice
        let reasons = refused.map { "\($0.name): \($0.standing.obstacle?.reason ?? "")" }
        guard let used = outlook.used else {
            return Finding(.problem, outlook.report, "not posted: \(joined(reasons))", advice: advice)
        }
        var text = used.text
        if used.standing == .untold {
            let next = outlook.rungs.drop { $0 != used }.dropFirst().first { $0.standing.obstacle == nil }
            text += next.map { ", else \($0.name)" } ?? ""
            text += ": whether the token may, only the first post shows"
        }
        guard !reasons.isEmpty else { return Finding(.ok, outlook.report, text) }
        let level: Finding.Level = used.capability == nil ? .problem : .note
        return Finding(level, outlook.report, "\(text), not \(joined(reasons))", advice: advice)
    }

    /// A reason that holds for several rungs is said once.
    private static func joined(_ reasons: [String]) -> String {
        var names: [String] = []
        var words: [String] = []
        for reason in reasons {
            guard let colon = reason.firstRange(of: ": ") else { continue }
            names.append(String(reason[..<colon.lowerBound]))
            words.append(String(reason[colon.upperBound...]))
        }
        guard let first = words.first, words.allSatisfy({ $0 == first }) else { return reasons.joined(separator: "; ") }
        return "\(names.joined(separator: " or ")): \(first)"
    }
}
