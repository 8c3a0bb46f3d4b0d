import CICore

/// The suites of a tree without configuration, and what was assumed to find them.
package struct ZeroConfiguration: Sendable {
    /// Named uniquely, in the order of the runners; no test belongs to two of them.
    package let proposals: [SuiteProposal]
    /// A sentence for each suite that was found and each that was left out.
    package let assumptions: [String]

    /// Runners that find the same tests, the one to prefer first.
    private static let families: [[RunnerID]] = [
        ["go", "gotestsum"], ["cargo", "nextest"], ["maven", "gradle", "junit5"],
        ["vitest", "jest", "mocha", "node"], ["ctest", "googletest"], ["swift", "xcodebuild"],
    ]

    /// Chooses among what the runners propose.
    package init(choosing all: [SuiteProposal]) { self.init(choosing: all, besides: []) }

    private init(choosing all: [SuiteProposal], besides fixtures: [SuiteProposal]) {
        var kept: [SuiteProposal] = []
        let ranked = all.enumerated().sorted { left, right in
            Self.rank(of: left.element, at: left.offset).lexicographicallyPrecedes(
                Self.rank(of: right.element, at: right.offset))
        }
        var leftOut: [String] = []
        for (_, proposal) in ranked {
            if let outer = kept.first(where: { Self.covers($0, proposal) }) {
                leftOut.append(Self.sentence(leavingOut: proposal, for: outer))
            } else {
                kept.append(proposal)
            }
        }
        kept = all.filter(Set(kept).contains)
        proposals = Self.named(kept)
        assumptions =
            proposals.map { "\($0.name): \($0.because)" } + leftOut + Self.sentences(leavingOut: fixtures)
    }

    /// Looks at a tree with every runner; what lies among fixtures proposes nothing.
    package init(in tree: SourceTree) {
        let own = tree.withoutFixtures
        let hasFixtures = own.files.count < tree.files.count
        self.init(choosing: TestRunners.proposals(in: own), besides: hasFixtures ? TestRunners.proposals(in: tree) : [])
    }

    /// Outermost first, then the preferred of a family, then as listed.
    private static func rank(of proposal: SuiteProposal, at offset: Int) -> [Int] {
        let depth = proposal.directory.split(separator: "/").count
        let preference = families.lazy.compactMap { $0.firstIndex(of: proposal.runner) }.first ?? 0
        return [depth, preference, offset]
    }

    /// Whether the tests of `inner` are among those of `outer`.
    private static func covers(_ outer: SuiteProposal, _ inner: SuiteProposal) -> Bool {
        let areKin =
            outer.runner == inner.runner
            || families.contains { $0.contains(outer.runner) && $0.contains(inner.runner) }
        guard areKin else { return false }
        if outer.directory == inner.directory { return outer.runner != inner.runner || outer.paths == inner.paths }
        guard outer.paths.isEmpty else { return false }
        return outer.directory.isEmpty || inner.directory.hasPrefix(outer.directory + "/")
    }

    private static func sentence(leavingOut inner: SuiteProposal, for outer: SuiteProposal) -> String {
        let place = inner.directory.isEmpty ? "" : " in \(inner.directory)"
        let reason =
            inner.directory == outer.directory
            ? "it would run the tests of \(outer.runner) again"
            : "it lies within \(outer.directory.isEmpty ? "the root's" : outer.directory + "'s") \(outer.runner) suite"
        return "left out: \(inner.runner)\(place), because \(reason)"
    }

    /// One for each directory of fixtures that would have been taken for suites.
    private static func sentences(leavingOut fixtures: [SuiteProposal]) -> [String] {
        let directories = fixtures.compactMap { FixtureDirectory(around: $0.directory)?.path }
        return Dictionary(grouping: directories, by: \.self).sorted { $0.key < $1.key }.map { directory, all in
            "left out: what looks like \(counted(all.count, "suite")) in \(directory)"
        }
    }

    /// Names that are taken get their directory, then a number.
    private static func named(_ proposals: [SuiteProposal]) -> [SuiteProposal] {
        let counts = Dictionary(grouping: proposals, by: \.name).mapValues(\.count)
        var taken: Set<String> = []
        return proposals.map { proposal in
            var proposal = proposal
            if counts[proposal.name, default: 0] > 1, !proposal.directory.isEmpty {
                proposal.name += "-" + proposal.directory.split(separator: "/").joined(separator: "-")
            }
            let base = proposal.name
            var number = 2
            while !taken.insert(proposal.name).inserted {
                proposal.name = "\(base)-\(number)"
                number += 1
            }
            return proposal
        }
    }
}
