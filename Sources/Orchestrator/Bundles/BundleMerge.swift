import Artifacts
package import CICore
package import SystemPackage

import struct FoundationEssentials.Date

/// Joins the bundles of one run to one verdict, with the proof of completeness over the whole plan.
package struct BundleMerge: Sendable {
    private let run: BundleJoin.Run
    private let files: any FileSystem
    private let settings: RunSettings
    private let temporaryDirectory: String
    private let width: Int
    private let home: AttachmentKeeper.Home?

    /// - Parameters:
    ///   - run: the bundles that count.
    ///   - settings: what flaky tests mean here, beside what the nodes' own settings say.
    ///   - files: where they are.
    ///   - temporaryDirectory: where the joined tests are kept while the results are made of them.
    ///   - width: how many bundles are read at a time.
    ///   - home: where attachments go; `nil` = they are left where they are.
    package init(
        _ run: BundleJoin.Run, settings: RunSettings, files: any FileSystem, temporaryDirectory: FilePath = "/tmp",
        width: Int = 1, home: AttachmentKeeper.Home? = nil
    ) {
        self.home = home
        self.temporaryDirectory = temporaryDirectory.string
        self.width = width
        self.run = run
        self.settings = settings
        self.files = files
    }

    /// Reads every bundle once.
    package func merged() async -> MergedRun {
        var hardware = HardwareList()
        let alone = run.nodes.indices.filter { run.nodes[$0].count == 1 }.map { index in
            let bundle = run.nodes[index][0]
            return ParallelReading.Task(
                node: index, reader: reader(of: bundle),
                group: hardware.place(of: bundle.manifest.work.hardware))
        }
        let read = await ParallelReading(alone, temporaryDirectory: temporaryDirectory).run(width: width)
        var work = Work(
            total: run.total, hardware: hardware,
            tests: TestSpool(temporaryDirectory: temporaryDirectory, shelves: read.shelves))
        for index in run.nodes.indices {
            if let found = read.findings[index] {
                work.tests.add(found.tests, ofShelf: found.shelf)
                work.take(run.nodes[index][0], found.reading, of: index)
            } else if !run.nodes[index].isEmpty {
                readRepeated(run.nodes[index], of: index, &work)
            }
        }
        let plan = plan(&work)
        return work.finish(run, plan: plan, settings: settings)
    }

    private func reader(of bundle: FoundBundle) -> BundleReader {
        BundleReader(
            bundle: bundle, files: files,
            attachments: home.map { BundleAttachments(of: bundle, home: $0, files: files) })
    }

    private func readRepeated(_ bundles: [FoundBundle], of index: Int, _ work: inout Work) {
        var tests = RepeatedTests()
        var isWhole = false
        for bundle in bundles {
            tests.begin()
            let reading = reader(of: bundle).results { tests.add($0, isQuarantined: $1) }
            work.take(bundle, reading, of: index)
            isWhole =
                reading.damage == nil && bundle.manifest.ending.stop == nil
                && reading.head.completeness?.lost.isEmpty == true
        }
        let latest = bundles[bundles.count - 1]
        let isLater = bundles.dropLast().allSatisfy { $0.attempt < latest.attempt }
        let hardware = work.hardware.place(of: latest.manifest.work.hardware)
        let left = tests.finish(latestIsWhole: isWhole && isLater) {
            work.tests.add($0, isQuarantined: $1, group: hardware)
        }
        let title = NodePosition.title(of: index, total: run.total)
        work.notes.append(
            isLater
                ? "\(title) ran again: attempt \(latest.attempt) of the run counts, what failed before is an attempt"
                    + (left > 0 ? "; \(counted(left, "test")) of earlier attempts alone left out" : "")
                : "\(title) has \(bundles.count) bundles of one attempt: their results are attempts of the same tests")
    }

    /// The first plan that is whole; all bundles of a run have the same.
    private func plan(_ work: inout Work) -> PlanDocument? {
        for bundle in run.nodes.joined() {
            do {
                return try reader(of: bundle).plan()
            } catch {
                work.warnings.append("\(bundle.path): \(error)")
            }
        }
        return nil
    }
}

/// Classes of hardware in the order in which they came.
private struct HardwareList {
    private(set) var classes: [HardwareClass] = []

    mutating func place(of hardware: HardwareClass) -> Int {
        if let place = classes.firstIndex(of: hardware) { return place }
        classes.append(hardware)
        return classes.count - 1
    }
}

extension BundleMerge {
    /// What has been read so far.
    private struct Work: ~Copyable {
        var tests: TestSpool
        var nodes: [MergedNode]
        var warnings: [String] = []
        var notes: [String] = []
        private var artifacts: [RunArtifact] = []
        var hardware: HardwareList
        /// What the nodes themselves warned of, with the nodes that did.
        private var nodeWarnings: [(text: String, nodes: [Int])] = []
        /// The batches of each bundle, since the beginning of its own run.
        private var timelines: [(node: Int, started: Date, spans: [BatchSpan])] = []

        init(total: Int, hardware: HardwareList, tests: consuming TestSpool) {
            self.tests = tests
            self.hardware = hardware
            nodes = (0..<total).map { MergedNode(index: $0) }
        }

        mutating func take(_ bundle: FoundBundle, _ reading: BundleReader.Reading, of index: Int) {
            if let damage = reading.damage {
                warnings.append("\(bundle.path): \(damage); what can be read counts, the rest is lost")
            }
            nodes[index].take(
                bundle.manifest, lost: reading.head.completeness?.lost ?? [],
                isSound: reading.damage == nil && reading.head.completeness != nil)
            artifacts += reading.head.artifacts
            timelines.append((index, bundle.manifest.time.started, reading.head.timeline))
            for text in reading.head.warnings {
                if let known = nodeWarnings.firstIndex(where: { $0.text == text }) {
                    if nodeWarnings[known].nodes.last != index { nodeWarnings[known].nodes.append(index) }
                } else {
                    nodeWarnings.append((text, [index]))
                }
            }
        }

        consuming func finish(_ run: BundleJoin.Run, plan: PlanDocument?, settings: RunSettings) -> MergedRun {
            let losses = Losses(nodes: nodes, plan: plan, beyond: Self.beyond(run)).byNode { self.tests.contains($0) }
            let lost = losses.flatMap(\.tests)
            let (told, remarks, warned) = (nodes, notes, warnings + texts())
            let learnt = lesson(run, isLossless: lost.isEmpty)
            let (timeline, left) = (timeline, artifacts)
            let joined = tests.finish()
            var results = RunResults(
                tests: joined.notable(), totals: joined.totals,
                duration: told.compactMap(\.manifest?.time.duration).max() ?? .zero, warnings: warned)
            results.timeline = timeline
            results.artifacts = left
            let lostCounts = Dictionary(losses.map { ($0.node, $0.tests.count) }) { first, _ in first }
            results.nodes = told.map { node in
                NodeRecord(
                    index: node.index, hardware: node.manifest?.work.hardware,
                    machine: node.manifest?.work.machine?.summary, lost: lostCounts[node.index] ?? 0)
            }
            results.completeness = Completeness(
                ran: joined.count - joined.skippedCount - joined.quarantinedCount, skipped: joined.skippedCount,
                quarantined: joined.quarantinedCount, lost: lost)
            let verdict = MergeVerdict(
                nodes: told, lost: lostCounts,
                failed: joined.failedCount, flaky: results.totals.flaky, ran: joined.count, settings: settings)
            let (code, reason) = verdict.word
            results.verdict = .init(exitCode: code, reason: reason, quarantined: joined.quarantined)
            return MergedRun(results: results, tests: joined, notes: remarks, lesson: learnt)
        }

        /// All batches, since the beginning of the first node's run.
        private var timeline: [BatchSpan] {
            let first = timelines.map(\.started).min()
            return timelines.flatMap { node, started, spans in
                let delay = first.map { started.timeIntervalSince($0) } ?? 0
                return spans.map { span in
                    var span = span
                    span.place.node = node
                    span.start += .milliseconds(Int((delay * 1000).rounded()))
                    return span
                }
            }
        }

        private static func beyond(_ run: BundleJoin.Run) -> [UnitID: Int] {
            run.nodes.joined().reduce(into: [:]) { all, bundle in
                all.merge(bundle.manifest.work.beyond) { first, _ in first }
            }
        }

        private func texts() -> [String] {
            nodeWarnings.map { warning in
                guard warning.nodes.count == 1, nodes.count > 1 else { return warning.text }
                return "\(NodePosition.title(of: warning.nodes[0], total: nodes.count)): \(warning.text)"
            }
        }

        private func lesson(_ run: BundleJoin.Run, isLossless: Bool) -> MergedRun.Lesson {
            let manifests = nodes.compactMap(\.manifest)
            var parts = hardware.classes.enumerated().map { MergedRun.Part(hardware: $1, group: $0, costs: []) }
            for manifest in manifests {
                guard let place = hardware.classes.firstIndex(of: manifest.work.hardware) else { continue }
                parts[place].costs += manifest.work.costs
            }
            return MergedRun.Lesson(
                started: run.nodes.joined().map(\.manifest.time.started).min(),
                commit: manifests.lazy.filter { $0.origin.run != nil }.compactMap(\.origin.commit).first,
                identity: "\(run.plan) \(manifests.lazy.compactMap(\.origin.run).first ?? "")",
                isWhole: manifests.allSatisfy(\.work.isWhole),
                isComplete: isLossless && manifests.count == nodes.count
                    && manifests.allSatisfy { $0.work.isWhole && $0.ending.stop == nil && !$0.ending.isBroken },
                parts: parts,
                machines: Dictionary(
                    nodes.compactMap { node in node.manifest?.work.machine.map { (node.index, $0) } }
                ) { $1 })
        }
    }
}
