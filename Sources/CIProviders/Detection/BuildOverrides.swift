/// Variables by which users overrule what detection finds.
package enum BuildOverrides {
    /// The variables, with what they are for.
    package static let variables: [(name: String, summary: String)] = [
        ("DTCI_SERVICE", "The CI service's id for every command, where the environment fits several or none."),
        ("DTCI_BUILD_COMMIT", "The head commit."),
        ("DTCI_BUILD_BRANCH", "The branch."),
        ("DTCI_BUILD_TAG", "The tag."),
        ("DTCI_BUILD_PULL_REQUEST", "The number or the page of the pull request."),
        ("DTCI_BUILD_TARGET", "The branch that the pull request goes to."),
        ("DTCI_BUILD_REPOSITORY", "The repository: `owner/name` or its URL."),
        ("DTCI_NODE_INDEX", "Which of the job's machines this is, counted from 0."),
        ("DTCI_NODE_TOTAL", "How many machines the job has."),
    ]

    static let service = "DTCI_SERVICE"

    private static let facts: [Fact: [FactSource]] = [
        .commit: ["DTCI_BUILD_COMMIT"], .branch: [.branch("DTCI_BUILD_BRANCH")],
        .tag: [FactSource("DTCI_BUILD_TAG") { RefName.tag($0) ?? $0 }],
        .pullRequestNumber: [
            FactSource("DTCI_BUILD_PULL_REQUEST") { Int($0) == nil ? RefName.pullRequestNumber(in: $0) : $0 }
        ],
        .pullRequestTarget: [.branch("DTCI_BUILD_TARGET")],
        .slug: [
            FactSource("DTCI_BUILD_REPOSITORY") { text in
                RepositoryURL(text)?.slug ?? (text.contains(":") ? nil : text)
            }
        ],
        .host: [.host("DTCI_BUILD_REPOSITORY")],
    ]

    /// Takes them in before anything else speaks.
    static func fill(_ sheet: inout FactSheet) {
        for (fact, sources) in facts { sheet.set(fact, from: sources) }
        for (fact, sources) in facts where sheet[fact] == nil {
            guard let variable = sources.first?.variable, sheet[variable] != nil, fact != .host else { continue }
            sheet.warn("\(variable) was passed over: it tells no \(fact.rawValue)")
        }
        guard let forge = sheet["DTCI_FORGE"] else { return }
        guard Forges.named(forge) != nil else {
            let known = Forges.all.map(\.id).joined(separator: ", ")
            return sheet.warn("DTCI_FORGE was passed over: \(forge) is none of \(known)")
        }
        sheet.set(.forge, forge, from: "DTCI_FORGE")
    }
}
