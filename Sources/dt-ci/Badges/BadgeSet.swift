import Artifacts
import CICore
import CIProviders
import Orchestrator
import Reporting
import SystemPackage

/// The badges that the configuration asks for, drawn of a run's results.
struct BadgeSet {
    let settings: BadgeSettings
    let root: FilePath
    let files: any FileSystem

    /// What became of the badges.
    struct Outcome {
        /// Those that were written.
        var badges: [LocalReport] = []
        /// Sentences about the others.
        var trouble: [String] = []
    }

    /// Writes every badge to its directory; one that cannot be drawn leaves the older one as it is.
    func write(_ results: RunResults) -> Outcome {
        guard !settings.badges.isEmpty else { return Outcome() }
        var outcome = Outcome()
        do throws(FileError) {
            try files.createDirectory(settings.directory)
        } catch {
            outcome.trouble = ["badges: \(error)"]
            return outcome
        }
        for wish in settings.badges {
            do {
                outcome.badges.append(try write(wish, results))
            } catch {
                outcome.trouble.append("badge \(wish.file): \(error)")
            }
        }
        return outcome
    }

    private func write(_ wish: BadgeWish, _ results: RunResults) throws -> LocalReport {
        let work = try BadgeArtist(files: files, directory: root).draw(try endpoint(of: wish, results), wish.look)
        let isDocument = wish.file.hasSuffix(".json")
        let bytes = isDocument ? work.json : work.badge.svg()
        let path = settings.directory.appending(wish.file)
        try files.write(bytes, to: path)
        return LocalReport(
            path: path.string,
            shared: SharedFile(
                name: wish.file, content: .bytes(bytes),
                mediaType: isDocument ? "application/json" : "image/svg+xml"))
    }

    private func endpoint(of wish: BadgeWish, _ results: RunResults) throws -> BadgeEndpoint {
        let words = wish.words
        guard let fact = words.fact else {
            return BadgeEndpoint(label: words.label ?? "", message: words.message ?? "")
        }
        let label = words.label ?? fact.label
        if let message = words.message { return BadgeEndpoint(label: label, message: message) }
        let statement =
            try words.coverage.map(BadgeFact.statement(coverageIn:)) ?? fact.statement(of: results)
            ?? (message: "unknown", color: "lightgrey")
        return BadgeEndpoint(label: label, message: statement.message, color: statement.color)
    }
}

extension BadgeFact {
    /// What a coverage report tells.
    ///
    /// - Throws: `ReportFailure` if it is none.
    static func statement(coverageIn path: FilePath) throws -> (message: String, color: String) {
        do {
            return BadgeFact.statement(coverage: try Coverage(reading: path).share ?? 0)
        } catch {
            throw ReportFailure("\(SafeText.line(path.string)): \(error)")
        }
    }
}
