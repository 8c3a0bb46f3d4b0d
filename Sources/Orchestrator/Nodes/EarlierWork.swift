import Artifacts
package import CICore

/// What the bundles of an earlier part of a run have results of.
package struct EarlierWork: Sendable {
    /// The id of the plan that the run began with.
    package let root: String
    /// How many nodes that had.
    package let nodes: Int
    /// 0 for the nodes that the run began with.
    let latest: Int
    private let shares: [Share]

    /// One bundle.
    struct Share: Sendable {
        let manifest: BundleManifest
        let plan: PlanDocument?
        /// What had no result, in its own books; `nil` where these are damaged.
        let lost: Set<String>?
        let results: Set<TestID>

        var generation: Int { manifest.work.resumes?.generation ?? 0 }

        /// What it was to run and has a result for.
        func settled() -> Set<UnitID> {
            guard let lost, let plan, plan.plan.nodes.indices.contains(manifest.position.index) else { return [] }
            let beyond = manifest.work.beyond.filter { $0.value == manifest.position.index }.map(\.key)
            return plan.settled(at: manifest.position.index, lost: lost)
                .union(beyond.filter { unit in !lost.contains { $0.hasPrefix(unit.rawValue) } })
        }
    }

    /// Reads the bundles of a run; sentences about what could not be read are added.
    package init(_ run: BundleJoin.Run, files: any FileSystem, trouble: inout [String]) {
        root = run.plan
        nodes = run.total
        var shares: [Share] = []
        for bundle in run.nodes.joined() {
            let reader = BundleReader(bundle: bundle, files: files)
            var results: Set<TestID> = []
            let reading = reader.results { test, _ in results.insert(test.id) }
            if let damage = reading.damage { trouble.append("\(bundle.path): \(damage); what can be read counts") }
            let lost = reading.damage == nil ? reading.head.completeness.map { Set($0.lost.map(\.rawValue)) } : nil
            shares.append(
                // A plan that cannot be read leaves its units without a result: they run again.
                Share(manifest: bundle.manifest, plan: try? reader.plan(), lost: lost, results: results))
        }
        self.shares = shares
        latest = shares.map(\.generation).max() ?? 0
    }

    /// Whether bundles of the latest generation are of this plan: then it is theirs, and not one that goes on from them.
    func isOfLatest(_ plan: Plan) -> Bool {
        shares.contains { $0.generation == latest && $0.manifest.plan == plan.id }
    }

    /// Of the resumed nodes before this generation, beside the nodes of the beginning.
    func nodesBefore(_ generation: Int) -> Int {
        var totals: [Int: Int] = [:]
        for share in shares where share.generation > 0 && share.generation < generation {
            totals[share.generation] = share.manifest.position.total
        }
        return nodes + totals.values.reduce(0, +)
    }

    /// What has a result in the bundles before a generation.
    func done(before generation: Int) -> Done {
        var done = Done()
        for share in shares where share.generation < generation {
            done.units.formUnion(share.settled())
            done.tests.formUnion(share.results)
            for (unit, pieces) in share.plan?.details.cuts ?? [:] where done.cuts[unit] == nil {
                done.cuts[unit] = pieces
            }
        }
        return done
    }

    /// Units and tests with a result.
    struct Done {
        var units: Set<UnitID> = []
        var tests: Set<TestID> = []
        /// Units that were cut, with their pieces.
        var cuts: [UnitID: [UnitID]] = [:]

        /// Whether nothing of the unit is left to run.
        func has(_ unit: TestUnit) -> Bool {
            if units.contains(unit.id) || tests.contains(TestID(unit.id.rawValue)) { return true }
            guard let known = unit.tests, !known.isEmpty else { return false }
            return known.allSatisfy { tests.contains(TestID(suite: unit.suite, selector: $0)) }
        }
    }
}
