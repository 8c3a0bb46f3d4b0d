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
        // What several nodes ran is brought together test by test.
        let single = run.isResumed ? [] : run.nodes.indices.filter { run.nodes[$0].count == 1 }
        let alone = single.map { index in
            let bundle = run.nodes[index][0]
            return ParallelReading.Task(
                node: index, reader: reader(of: bundle),
                group: hardware.place(of: bundle.manifest.work.hardware))
        }
        let read = await ParallelReading(alone, temporaryDirectory: temporaryDirectory).run(width: width)
        var work = Work(
            titles: run.nodes.indices.map(run.title), hardware: hardware,
            tests: TestSpool(temporaryDirectory: temporaryDirectory, shelves: read.shelves))
        if run.isResumed { readResumed(&work) }
        for index in run.nodes.indices where !run.isResumed {
            if let found = read.findings[index] {
                work.tests.add(found.tests, ofShelf: found.shelf)
                work.take(run.nodes[index][0], found.reading, of: index)
            } else if !run.nodes[index].isEmpty {
                readRepeated(run.nodes[index], of: index, &work)
            }
        }
        let plans = plans(&work)
        return work.finish(run, plans: plans, settings: settings)
    }

    private func reader(of bundle: FoundBundle) -> BundleReader {
        BundleReader(
            bundle: bundle, files: files,
            attachments: home.map { BundleAttachments(of: bundle, home: $0, files: files) })
    }

    /// Some tests may have run on a node that went on as well as on one that had ended: their runs are attempts.
    private func readResumed(_ work: inout Work) {
        var tests = RepeatedTests()
        for index in run.nodes.indices {
            for bundle in run.nodes[index] {
                tests.begin(group: work.hardware.place(of: bundle.manifest.work.hardware))
                let reading = reader(of: bundle).results { tests.add($0, isQuarantined: $1) }
                work.take(bundle, reading, of: index)
            }
        }
        _ = tests.finish(latestIsWhole: false) { work.tests.add($0, isQuarantined: $1, group: $2) }
        work.notes.append(
            "\(counted(run.nodes.count - run.total, "node")) went on from the \(run.total) of the run's beginning")
    }

    private func readRepeated(_ bundles: [FoundBundle], of index: Int, _ work: inout Work) {
        var tests = RepeatedTests()
        var isWhole = false
        for bundle in bundles {
            tests.begin(group: work.hardware.place(of: bundle.manifest.work.hardware))
            let reading = reader(of: bundle).results { tests.add($0, isQuarantined: $1) }
            work.take(bundle, reading, of: index)
            isWhole =
                reading.damage == nil && bundle.manifest.ending.stop == nil
                && reading.head.completeness?.lost.isEmpty == true
        }
        let latest = bundles[bundles.count - 1]
        let isLater = bundles.dropLast().allSatisfy { $0.attempt < latest.attempt }
        let hardware = work.hardware.place(of: latest.manifest.work.hardware)
        let left = tests.finish(latestIsWhole: isWhole && isLater) { test, isQuarantined, _ in
            work.tests.add(test, isQuarantined: isQuarantined, group: hardware)
        }
        let title = run.title(of: index)
        work.notes.append(
            isLater
                ? "\(title) ran again: attempt \(latest.attempt) of the run counts, what failed before is an attempt"
                    + (left > 0 ? "; \(counted(left, "test")) of earlier attempts alone left out" : "")
                : "\(title) has \(bundles.count) bundles of one attempt: their results are attempts of the same tests")
    }

    /// Of each node the first whole plan that says what it was to run; all bundles of one part of a run have the same.
    private func plans(_ work: inout Work) -> [Losses.NodePlan?] {
        var documents: [Int: PlanDocument] = [:]
        for bundle in run.nodes.joined() {
            let first = bundle.manifest.work.resumes?.first ?? 0
            guard documents[first] == nil else { continue }
            do {
                documents[first] = try reader(of: bundle).plan()
            } catch {
                work.warnings.append("\(bundle.path): \(error)")
            }
        }
        return run.nodes.indices.map { index in
            let first = documents.keys.filter { $0 <= index }.max()
            guard let first, index >= run.total || first == 0, let document = documents[first],
                document.plan.nodes.indices.contains(index - first)
            else { return nil }
            return Losses.NodePlan(document: document, index: index - first)
        }
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

        init(titles: [String], hardware: HardwareList, tests: consuming TestSpool) {
            self.tests = tests
            self.hardware = hardware
            nodes = titles.enumerated().map { MergedNode(index: $0, title: $1) }
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

        consuming func finish(
            _ run: BundleJoin.Run, plans: [Losses.NodePlan?], settings: RunSettings
        ) -> MergedRun {
            let losses = Losses(
                nodes: nodes, plans: plans, beyond: Self.beyond(run), isResumed: run.isResumed
            ).byNode { self.tests.contains($0) }
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
                failed: joined.failedCount, flaky: results.totals.flaky, ran: joined.count, settings: settings,
                isResumed: run.isResumed)
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
                return "\(nodes[warning.nodes[0]].title): \(warning.text)"
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
                isComplete: isLossless && (run.isResumed || manifests.count == nodes.count)
                    && manifests.allSatisfy { manifest in
                        manifest.work.isWhole && (run.isResumed || manifest.ending.stop == nil)
                            && !manifest.ending.isBroken
                    },
                parts: parts,
                machines: Dictionary(
                    nodes.compactMap { node in node.manifest?.work.machine.map { (node.index, $0) } }
                ) { $1 })
        }
    }
}
