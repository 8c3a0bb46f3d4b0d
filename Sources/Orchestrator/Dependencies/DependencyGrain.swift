import CICore

/// How finely a suite must be cut so that everything that names parts of it finds them.
struct DependencyGrain {
    private let patterns: [TestPattern]
    private let hasTags: Bool

    init(_ suite: SuiteName, among suites: [Suite]) {
        var patterns: [TestPattern] = []
        var hasTags = false
        for other in suites {
            let conditions = other.policy.conditions
            let references = conditions.after + conditions.rules.flatMap(\.after)
            for target in references.flatMap(\.targets) {
                switch target {
                case .tests(suite, let pattern): patterns.append(pattern)
                case .tag: hasTags = true
                case .suite, .tests: break
                }
            }
            guard other.name == suite else { continue }
            patterns += conditions.rules.flatMap(\.selection.tests)
            hasTags = hasTags || conditions.rules.contains { !$0.selection.tags.isEmpty }
        }
        self.patterns = patterns
        self.hasTags = hasTags
    }

    /// Whether something is named that these units do not show: a test within a file, or a marker.
    func isFiner(than units: [TestUnit]) -> Bool {
        guard units.contains(where: { $0.granularity < .test }) else { return false }
        if hasTags, !units.contains(where: { !$0.constraints.labels.isEmpty }) { return true }
        return patterns.contains { pattern in
            !units.contains { pattern.covers($0.selector) || pattern.covers($0.container) }
        }
    }
}
