import CICore
import Orchestrator
import SystemPackage

import struct FoundationEssentials.Date

/// The bundle that a node leaves for `dt-ci merge`.
struct NodeBundle {
    private let assignment: NodeAssignment
    private let directory: BundleDirectory
    private let files: any FileSystem

    /// Clears away what an earlier run has left in its place.
    init(_ assignment: NodeAssignment, in results: FilePath, files: any FileSystem) throws(FileError) {
        self.assignment = assignment
        self.files = files
        directory = BundleDirectory(
            in: results, at: assignment.position, isResumed: assignment.earlier != nil, files: files)
        try directory.clear()
    }

    /// Where it is.
    var root: FilePath { directory.root }

    /// Where events go while the run goes on.
    var events: FilePath { directory.events }

    /// What a run was, beside its results.
    struct Record {
        let state: RunState
        let started: Date
        let machine: HardwareProfile
        /// Whether everything was to run.
        let isWhole: Bool
        let settings: RunSettings
        /// About quarantine entries.
        let expired: String?
        /// The user's own events file, if there is one.
        let events: FilePath?
        /// What ran, and with what.
        let replay: ReplayRecord
    }

    /// Writes it; a sentence if that is not possible.
    func write(_ results: RunResults, of share: NodeShare, _ record: Record) -> [String] {
        do {
            if let events = record.events { try copy(events) }
            try directory.write(results, plan: share.whole, replay: record.replay, manifest(results, of: share, record))
            return []
        } catch {
            return ["\(assignment.position.title) leaves no whole bundle: \(error)"]
        }
    }

    /// A pipe has nothing left to copy.
    private func copy(_ events: FilePath) throws(FileError) {
        guard files.kind(of: events) == .file else { return }
        try files.write(try files.contents(of: events, limit: 1 << 30), to: directory.events)
    }

    private func manifest(_ results: RunResults, of share: NodeShare, _ record: Record) -> BundleManifest {
        BundleManifest(
            plan: share.whole.plan.id, position: share.position, origin: assignment.origin,
            time: .init(started: record.started, created: Date(), duration: results.duration),
            ending: .init(
                stop: record.state.stop, isBroken: record.state.isBroken, expired: record.expired,
                failsOnFlaky: record.settings.failsOnFlaky, empty: record.settings.empty),
            work: .init(
                hardware: record.machine.hardwareClass, machine: record.machine, isWhole: record.isWhole,
                costs: record.state.remarks.costs.filter(\.isOrdinary).map { cost in
                    .init(suite: cost.suite, units: cost.units, wall: cost.wall, tests: cost.tests)
                },
                beyond: share.beyond, resumes: share.resumes))
    }
}

extension NodeAssignment {
    /// The configuration of a run of which this is one node: reports of its own say which.
    func adjusted(_ configuration: Configuration) -> Configuration {
        var configuration = configuration
        let section = configuration.reporting.publish.labels.section
        configuration.reporting.publish.labels.section = [section, position.title].compactMap(\.self).joined(
            separator: ", ")
        return configuration
    }
}
