import ArgumentParser
import CICore
import Orchestrator
import SystemPackage
import TestHistory

/// `dt-ci hardware find`: which of the machines that runs took place on meet a requirement.
struct HardwareFind: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find", abstract: "Search the machines that earlier runs took place on for a requirement.",
        discussion: """
            The exit code is 0 if one meets it, 1 if none does, and 2 if it cannot be read or there is no history.

            Example: dt-ci hardware find 'gpu>=1, vram>=16GB, arch=arm64'
            """)

    @Argument(help: "What a machine is to have; none = all machines.")
    var requirement: String?

    @Option(help: "Where durations and outcomes of past runs are kept, as a URL (default: sqlite:.dt-ci/history.db).")
    var history: String?

    /// Takes `--config` and `--json` for both.
    @ParentCommand var parent: HardwareCommand

    /// A machine that could be read, beside what is known of it.
    private struct Candidate {
        let stored: StoredMachine
        let profile: HardwareProfile
        let shortfalls: [Shortfall]
    }

    func run() async throws {
        let wanted = try requirement.map { try RequirementOption.requirement($0, of: "the requirement") }
        var place = HistoryPlace()
        place.history = history
        place.config = parent.config
        let machines = try place.openExisting().machines()
        let candidates = machines.compactMap { stored -> Candidate? in
            guard let profile = stored.profile.hardware else { return nil }
            let shortfalls = wanted?.shortfalls(on: HardwareOffer(profile)) ?? []
            return Candidate(stored: stored, profile: profile, shortfalls: shortfalls)
        }
        let found = candidates.filter(\.shortfalls.isEmpty)
        if parent.json { try writeJSON(found) } else if !found.isEmpty { try HistoryOutput.write(table(of: found)) }
        guard found.isEmpty else { return }
        if !parent.json { FileDescriptor.standardError.say(Self.absence(wanted, among: candidates)) }
        throw CommandEnd(exitCode: 1)
    }

    private func table(of found: [Candidate]) -> String {
        var table = HistoryTable([
            .init(title: "HARDWARE"), .init(title: "LAST SEEN"), .init(title: "RUNS", isNumeric: true),
            .init(title: "HOST"), .init(title: "HAS"), .init(title: "LABELS"),
        ])
        for candidate in found {
            let stored = candidate.stored
            table.add(
                stored.hardware.rawValue, HistoryOutput.time(stored.seenAt), "\(stored.runs)",
                stored.profile.host ?? "", candidate.profile.summary, stored.profile.labels)
        }
        return table.text
    }

    /// Why there is nothing to show, with the nearest machine.
    private static func absence(_ wanted: Requirement?, among candidates: [Candidate]) -> String {
        guard let wanted, !candidates.isEmpty else {
            return "no machine is known yet: `dt-ci run` keeps what each of its machines has\n"
        }
        let offers = candidates.map { HardwareOffer($0.profile) }
        let nearest = NearestNode(to: wanted, among: offers).map { nearest in
            "; the nearest, \(candidates[nearest.index].stored.hardware), \(nearest.lacks)"
        }
        let count =
            candidates.count == 1
            ? "the only machine that is known does not meet" : "none of \(candidates.count) known machines meets"
        return SafeText.line("\(count) \(wanted)\(nearest ?? "")", limit: 1000) + "\n"
    }

    private func writeJSON(_ found: [Candidate]) throws {
        try HistoryOutput.writeJSON("dt-ci/hardware-find/v1", "machines", of: found) { writer, candidate in
            writer.member("class", candidate.stored.hardware.rawValue)
            writer.member("fingerprint", candidate.stored.profile.fingerprint)
            writer.member("host", candidate.stored.profile.host)
            writer.member("seenAt", HistoryOutput.time(candidate.stored.seenAt))
            writer.member("runs", candidate.stored.runs)
            writer.key("hardware")
            HardwareV1.write(DetectedHardware(profile: candidate.profile), to: &writer)
        }
    }
}
