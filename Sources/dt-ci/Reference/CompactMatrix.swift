import CICore
import CIProviders

/// The README's support matrix: what a run tells each CI service and each forge, made from their values.
enum CompactMatrix {
    static let begin = "<!-- support matrix: written by `dt-ci docs` -->"
    static let end = "<!-- end of the support matrix -->"

    /// The text with what stands between the two marker lines made anew; `nil` where they are not there.
    static func renewed(in text: String) -> String? {
        guard let first = text.firstRange(of: begin),
            let last = text[first.upperBound...].firstRange(of: end)
        else { return nil }
        return "\(text[..<first.upperBound])\n\(tables)\n\(text[last.lowerBound...])"
    }

    private static var tables: String {
        """
        | CI service | known by | its log gets | its API gives and takes |
        | --- | --- | --- | --- |
        \(CIServices.all.map(row).joined(separator: "\n"))

        | forge | verdict | comment | lines | files |
        | --- | --- | --- | --- | --- |
        \(Forges.all.map(row).joined(separator: "\n"))
        """
    }

    private static func row(_ service: CIService) -> String {
        let marks = service.markVariables.map { "`\($0)`" }
        let topics = JournalTopic.allCases.filter { service.api?.topics.contains($0) ?? false }.map(\.rawValue)
        let told = words(service.api?.capabilities ?? [], among: Capability.allCases.filter { $0 != .journal })
        return cells([
            service.title, list(marks), list(service.log.features.map(\.rawValue)),
            list(told + topics.filter { !told.contains($0) }),
        ])
    }

    private static func row(_ forge: Forge) -> String {
        let report = forge.capabilities.contains(.annotatedReport) ? [forge.reportTitle] : []
        let verdict = words(forge.capabilities, among: [.commitStatus, .pullRequestStatus])
        let remarks = forge.lineReports([], BuildContext(service: "local")).map(\.name)
        return cells([
            forge.title, list(verdict + report), forge.capabilities.contains(.comment) ? "yes" : "–",
            list(report + remarks.map { "`\($0)`" }),
            list(
                words(
                    forge.capabilities,
                    among: [
                        .artifacts, .packages, .downloads, .repositoryFiles, .gist, .projectBadge,
                    ])),
        ])
    }

    private static func words(_ capabilities: Set<Capability>, among: [Capability]) -> [String] {
        among.filter(capabilities.contains).map(\.rawValue)
    }

    private static func list(_ words: [String]) -> String { words.isEmpty ? "–" : words.joined(separator: ", ") }

    private static func cells(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
}
