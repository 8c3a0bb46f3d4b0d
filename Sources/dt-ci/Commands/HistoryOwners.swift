import ArgumentParser
import CICore
import Orchestrator
import TestHistory

/// `dt-ci history owners`: whose tests fail and cost time.
struct HistoryOwners: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "owners", abstract: "Shows whose tests fail, are flaky and take time, by CODEOWNERS.",
        discussion: """
            A test of several owners counts for each. Files are read as GitHub does, with GitLab's sections where there are \
            any. Example: dt-ci history owners --suite unit
            """)

    @OptionGroup var place: HistoryPlace
    @OptionGroup var ownership: OwnerOptions
    @OptionGroup var selection: HistorySelection

    /// What an owner's tests came to.
    private struct Share {
        var owner: String
        var tests = 0
        var flakyTests = 0
        var count = TestTally.Count()
    }

    func run() async throws {
        let surroundings = Surroundings.live
        let project = try place.project(in: surroundings)
        let store = try project.url.openExisting()
        guard let owners = try ownership.find(of: project, in: surroundings) else {
            throw ReportFailure(
                "there is no CODEOWNERS in \(project.root) or above it, as far as the repository goes: "
                    + CodeOwners.places.joined(separator: ", ") + ", or name a file with --owners")
        }
        let shares = try shares(in: store, owners.tests)
        if selection.json { return try write(shares) }
        var table = HistoryTable([
            .init(title: "FAILED", isNumeric: true), .init(title: "FLAKY", isNumeric: true),
            .init(title: "TESTS", isNumeric: true), .init(title: "RUNS", isNumeric: true),
            .init(title: "TIME", isNumeric: true), .init(title: "OWNER"),
        ])
        for share in shares {
            table.add(
                "\(share.count.failures)", "\(share.flakyTests)", "\(share.tests)", "\(share.count.runs)",
                DurationText.short(share.count.time), share.owner.isEmpty ? "(nobody)" : share.owner)
        }
        try HistoryOutput.write(table.text)
    }

    /// Those who have most to do first.
    private func shares(in store: any HistoryStore, _ owners: TestOwners) throws -> [Share] {
        let flaky = Set(
            try store.flaky(
                HistoryQuery(suite: selection.query.suite, hardware: selection.query.hardware)
            ).map(\.test))
        var known: [SuiteName: [String: [String]]] = [:]
        var shares: [String: Share] = [:]
        for tally in try store.tallies(selection.query) {
            let names =
                known[tally.suite]?[tally.container]
                ?? owners.owners(ofSuite: tally.suite, container: tally.container)
            known[tally.suite, default: [:]][tally.container] = names
            for name in names.isEmpty ? [""] : names {
                var share = shares[name] ?? Share(owner: name)
                share.tests += 1
                share.flakyTests += flaky.contains(tally.test) ? 1 : 0
                share.count += tally.count
                shares[name] = share
            }
        }
        let sorted = shares.values.sorted {
            ($1.count.failures, $1.flakyTests, $1.count.time, $0.owner)
                < ($0.count.failures, $0.flakyTests, $0.count.time, $1.owner)
        }
        return Array(sorted.prefix(selection.query.limit))
    }

    private func write(_ shares: [Share]) throws {
        try HistoryOutput.writeJSON("dt-ci/history-owners/v1", "owners", of: shares) { writer, share in
            writer.member("owner", share.owner.isEmpty ? nil : share.owner)
            writer.member("tests", share.tests)
            writer.member("runs", share.count.runs)
            writer.member("failures", share.count.failures)
            writer.member("flakyTests", share.flakyTests)
            writer.member("seconds", share.count.time)
        }
    }
}
