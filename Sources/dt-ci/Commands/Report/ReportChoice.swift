import ArgumentParser
import CICore
import Orchestrator

/// The options that say what of the results a report shows.
struct ReportChoice: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Only these parts, separated by commas: \(ReportSection.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "list"),
        transform: Self.sections)
    var sections: Set<ReportSection>?

    @Option(help: "So many failed tests are shown with their words.")
    var maxFailures: Int?

    func validate() throws {
        if let maxFailures, maxFailures < 0 {
            throw ValidationError("--max-failures is \(maxFailures); expected 0 or more.")
        }
    }

    /// Whether anything was chosen.
    var isGiven: Bool { sections != nil || maxFailures != nil }

    /// What was chosen, everything else as it is by itself.
    var settings: ReportSettings {
        ReportSettings(sections: sections ?? Set(ReportSection.allCases), maxFailures: maxFailures)
    }

    private static func sections(_ list: String) throws -> Set<ReportSection> {
        let words = list.split(separator: ",").map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
        let names = ReportSection.allCases.map(\.rawValue)
        guard !words.isEmpty else { throw ValidationError("expected some of \(names.joined(separator: ", "))") }
        return Set(
            try words.map { word in
                if let section = ReportSection(rawValue: word) { return section }
                let shown = SafeText.line(word, limit: 60)
                guard let nearest = NearestMatch.of(word, in: names) else {
                    throw ValidationError("no section is called \(shown): expected \(names.joined(separator: ", "))")
                }
                throw ValidationError("no section is called \(shown): did you mean \(nearest)?")
            })
    }
}
