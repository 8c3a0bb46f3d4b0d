package import Artifacts
package import CICore
package import SystemPackage

package import struct FoundationEssentials.Date

/// One run made of the bundles of its nodes.
package struct MergedRun: Sendable {
    /// With the counts of all tests, and of the tests only those that are shown by name.
    package var results: RunResults
    /// All tests.
    package var tests: SpooledTests
    /// What was noticed and is no reason to worry, one sentence each.
    package var notes: [String]
    package var lesson: Lesson

    /// What the history takes.
    package struct Lesson: Sendable {
        /// Of the first node to start; `nil` without any.
        package var started: Date?
        /// As a CI service says it; `nil` for a run outside of them.
        package var commit: String?
        /// The same for every merge of one run, whatever came of its nodes.
        package var identity: String
        /// Whether not only a part was to run.
        package var isWhole: Bool
        /// Whether everything was to run and did.
        package var isComplete: Bool
        /// A part for each class of hardware, in the order of the nodes.
        package var parts: [Part]
        /// What the nodes have, as far as they told.
        package var machines: [Int: HardwareProfile] = [:]
    }

    /// What ran on one class of hardware.
    package struct Part: Sendable {
        package var hardware: HardwareClass
        /// The group of its tests.
        package var group: Int
        package var costs: [BundleManifest.Cost]
    }
}

extension MergedRun {
    /// What not a single bundle comes to: never a pass.
    package static func without(
        bundlesBelow places: [FilePath], found: Int, expected: Int?, refused: [String]
    ) -> MergedRun {
        var results = RunResults(tests: [], warnings: refused)
        results.completeness = Completeness(
            lost: (0..<(expected ?? 0)).map {
                TestID("every test of \(NodePosition.title(of: $0, total: expected ?? 0))")
            })
        let place = places.map(\.string).joined(separator: " or ")
        results.verdict = .init(
            exitCode: .infrastructure,
            reason: (found == 0 ? "no bundle found under \(place)" : "no bundle under \(place) counts")
                + (expected.map { ", and \(counted($0, "node")) \($0 == 1 ? "was" : "were") expected" } ?? ""))
        return MergedRun(
            results: results, tests: .none, notes: [],
            lesson: Lesson(started: nil, commit: nil, identity: "", isWhole: false, isComplete: false, parts: []))
    }

    /// Lays over it how many nodes there were to be, where that is not what the bundles say.
    ///
    /// More of them left nothing that could be merged, not even the word of another node: whatever they were to run is lost.
    /// With fewer the plan of the bundles stands, for it names every test.
    package mutating func expect(_ expected: Int, of total: Int) {
        let words = "the bundles are of a run over \(counted(total, "node")), and --expect says \(expected)"
        guard expected > total else {
            if expected < total { results.warnings.append(words) }
            return
        }
        let titles = (total..<expected).map { NodePosition.title(of: $0, total: expected) }
        results.completeness?.lost += titles.map { TestID("every test of \($0)") }
        let missing =
            titles.count == 1
            ? "the bundle of \(titles[0]) is missing" : "the bundles of \(titles[0]) to \(expected) are missing"
        let before = results.verdict.flatMap { $0.exitCode == .infrastructure ? $0.reason : nil }
        results.verdict = .init(
            exitCode: .infrastructure,
            reason: [before, "\(missing): \(words)"].compactMap(\.self).joined(separator: "; "),
            quarantined: results.verdict?.quarantined ?? [])
        lesson.isComplete = false
    }
}
