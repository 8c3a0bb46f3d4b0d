import CICore
import SystemPackage

/// Decides which bundles count for one run, without reading what is in them.
///
/// The order in which bundles were found changes nothing.
package struct BundleJoin: Sendable {
    /// The build that the bundles have to be of.
    package struct Build: Sendable, Hashable {
        package var service: String
        /// `nil` = any single run.
        package var run: String?
        /// `nil` = any single commit.
        package var commit: String?

        package init(service: String = "local", run: String? = nil, commit: String? = nil) {
            self.service = service
            self.run = run
            self.commit = commit
        }
    }

    /// The bundles that count; `nil` if there is none.
    package let run: Run?
    /// One sentence for each bundle that does not count.
    package let refused: [String]

    /// One run's bundles by node.
    package struct Run: Sendable, Hashable {
        package var plan: String
        package var total: Int
        /// By 0-based node: its bundles, the latest attempt of the run last; empty for a missing node. Behind the `total`
        /// nodes of the plan stand those that went on from them.
        package var nodes: [[FoundBundle]]

        /// Whether nodes went on where others had ended.
        package var isResumed: Bool { nodes.count > total }

        /// For people: `node 3 of 8`, `resumed node 1 of 2`.
        package func title(of index: Int) -> String {
            guard index >= total else { return NodePosition.title(of: index, total: total) }
            let sibling = nodes[total...].joined().first { bundle in
                let first = bundle.manifest.work.resumes?.first ?? 0
                return (first..<first + bundle.manifest.position.total).contains(index)
            }
            guard let manifest = sibling?.manifest, let lineage = manifest.work.resumes else {
                return NodePosition.title(of: index, total: nodes.count)
            }
            return "resumed " + NodePosition.title(of: index - lineage.first, total: manifest.position.total)
        }

        /// Nodes without a bundle, in order.
        package var missing: [Int] { nodes.indices.filter { nodes[$0].isEmpty } }
    }

    package init(_ bundles: [FoundBundle], of build: Build) {
        var refused: [(path: FilePath, reason: String)] = []
        var accepted: [FoundBundle] = []
        for bundle in Self.unique(bundles) {
            if let reason = Self.objection(to: bundle, build) {
                refused.append((bundle.path, reason))
            } else {
                accepted.append(bundle)
            }
        }
        // Where nobody tells which run it is, the newest bundle does.
        if let newest = accepted.max(by: Self.isOlder) {
            let total = newest.manifest.rootNodes
            let own = accepted.filter { Self.difference(of: $0, from: newest) == nil }
            let count = own.map { $0.manifest.place - $0.manifest.position.index + $0.manifest.position.total }.max()
            var nodes = [[FoundBundle]](repeating: [], count: max(total, count ?? total))
            for bundle in accepted.sorted(by: Self.isEarlier) {
                if let reason = Self.difference(of: bundle, from: newest) {
                    refused.append((bundle.path, reason))
                } else {
                    nodes[bundle.manifest.place].append(bundle)
                }
            }
            run = Run(plan: newest.manifest.rootPlan, total: total, nodes: nodes)
        } else {
            run = nil
        }
        self.refused = refused.sorted { $0.path.string < $1.path.string }.map { "\($0.path): \($0.reason)" }
    }

    /// A bundle that was unpacked twice is one bundle.
    private static func unique(_ bundles: [FoundBundle]) -> [FoundBundle] {
        var seen: Set<BundleManifest> = []
        return bundles.sorted { $0.path.string < $1.path.string }.filter { seen.insert($0.manifest).inserted }
    }

    // MARK: Refusals

    private static func objection(to bundle: FoundBundle, _ build: Build) -> String? {
        let origin = bundle.manifest.origin
        if let run = build.run, origin.run != run || origin.service != build.service {
            return
                "is of another run (\(name(of: origin)); this is \(build.service) run \(run)): its tests do not count; "
                + "merge only the bundles of this run"
        }
        if let ours = build.commit, let theirs = origin.commit, theirs != ours {
            return otherCommit(theirs, than: ours)
        }
        return nil
    }

    private static func difference(of bundle: FoundBundle, from newest: FoundBundle) -> String? {
        let (theirs, ours) = (bundle.manifest.origin, newest.manifest.origin)
        if theirs.run != ours.run || theirs.service != ours.service {
            return
                "is of another run (\(name(of: theirs)); the newest bundle is of \(name(of: ours))): its tests do not "
                + "count; merge the bundles of one run"
        }
        if let commit = theirs.commit, let other = ours.commit, commit != other {
            return otherCommit(commit, than: other)
        }
        if bundle.manifest.rootPlan != newest.manifest.rootPlan
            || bundle.manifest.rootNodes != newest.manifest.rootNodes
        {
            let total = newest.manifest.rootNodes
            return
                "is of another plan (\(short(bundle.manifest.rootPlan)) instead of \(short(newest.manifest.rootPlan))): its "
                + "tests do not count; give all nodes one plan: `dt-ci plan --nodes \(total) --save plan.json`, then "
                + "`dt-ci run --node I/\(total) --plan plan.json`"
        }
        return nil
    }

    private static func otherCommit(_ theirs: String, than ours: String) -> String {
        "is of another commit (\(short(theirs)) instead of \(short(ours))): its tests do not count; "
            + "merge only the bundles of this commit"
    }

    private static func name(of origin: BundleManifest.Origin) -> String {
        SafeText.line("\(origin.service) run \(origin.run ?? "without an id")", limit: 120)
    }

    private static func short(_ id: String) -> String { SafeText.line(String(id.prefix(12)), limit: 40) }

    // MARK: Orders

    private static func isOlder(_ left: FoundBundle, _ right: FoundBundle) -> Bool {
        (left.manifest.time.created, left.manifest.plan, left.path.string)
            < (right.manifest.time.created, right.manifest.plan, right.path.string)
    }

    private static func isEarlier(_ left: FoundBundle, _ right: FoundBundle) -> Bool {
        let (first, second) = (left.manifest, right.manifest)
        return (first.origin.attempt ?? 1, first.time.created, left.path.string)
            < (second.origin.attempt ?? 1, second.time.created, right.path.string)
    }
}

extension FoundBundle {
    /// As found in a tree: `bundles/node-0-of-3`.
    var name: String { path.lastComponent?.string ?? path.string }

    /// Of the run, 1-based.
    var attempt: Int { manifest.origin.attempt ?? 1 }
}
