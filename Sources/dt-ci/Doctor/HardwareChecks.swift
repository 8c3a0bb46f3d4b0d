import CICore
import Orchestrator
import Reporting

/// What this machine has, and the suites that it cannot run, as findings.
struct HardwareChecks {
    let hardware: DetectedHardware
    let suites: [Suite]

    var findings: [Finding] {
        let profile = hardware.profile
        let broken = hardware.warnings.map { warning in
            Finding(
                .problem, "hardware", SafeText.line(warning),
                advice: "mend the driver or its tool; until then its devices do not count")
        }
        return [Finding(.ok, "hardware", "\(profile.summary) (\(profile.hardwareClass))")] + broken
            + suites.compactMap { unmet($0, HardwareOffer(profile)) }
    }

    private func unmet(_ suite: Suite, _ offer: HardwareOffer) -> Finding? {
        guard let requirement = suite.policy.requires else { return nil }
        let shortfalls = requirement.shortfalls(on: offer)
        guard !shortfalls.isEmpty else { return nil }
        return Finding(
            .note, suite.name.rawValue,
            "this machine lacks \(shortfalls.map(\.lack).joined(separator: ", "))",
            advice: "run the suite where there is such a machine; here a run with it ends with exit code 2")
    }
}
