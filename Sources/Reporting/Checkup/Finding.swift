package import CICore

/// One thing that was looked at: how it is, and the one thing to do about it.
package struct Finding: Sendable, Hashable {
    /// How bad it is.
    package enum Level: Sendable, Hashable {
        case ok
        /// Worth knowing.
        case note
        /// The main job works, with less than it could.
        case problem
        /// The main job would not work, and end with this code.
        case broken(ExitCode)

        /// The word in JSON.
        package var name: String {
            switch self {
            case .ok: "ok"
            case .note: "note"
            case .problem: "problem"
            case .broken: "broken"
            }
        }

        /// Whether there is something to mend.
        package var isTrouble: Bool {
            switch self {
            case .ok, .note: false
            case .problem, .broken: true
            }
        }
    }

    package var level: Level
    /// A word or two: what was looked at.
    package var subject: String
    /// One sentence without a full stop, safe to show.
    package var text: String
    /// The same for what to do.
    package var advice: String?

    package init(_ level: Level, _ subject: String, _ text: String, advice: String? = nil) {
        self.level = level
        self.subject = SafeText.line(subject, limit: 60)
        self.text = SafeText.line(text, limit: 600)
        self.advice = advice.flatMap { $0.isEmpty ? nil : SafeText.line($0, limit: 600) }
    }
}

/// Everything that was looked at.
package struct Checkup: Sendable, Hashable {
    package var sections: [Section]
    /// How long it took.
    package var duration: Duration

    package init(sections: [Section], duration: Duration = .zero) {
        self.sections = sections
        self.duration = duration
    }

    /// Findings that belong together.
    package struct Section: Sendable, Hashable {
        package var title: String
        package var findings: [Finding]

        package init(_ title: String, _ findings: [Finding]) {
            self.title = title
            self.findings = findings
        }
    }

    package var findings: [Finding] { sections.flatMap(\.findings) }

    /// That of `dt-ci doctor`: configuration first, without which nothing begins, then in the order in which a run's own
    /// codes win.
    package var exitCode: ExitCode {
        let codes = findings.compactMap { finding -> ExitCode? in
            guard case .broken(let code) = finding.level else { return nil }
            return code
        }
        return [.usage, .infrastructure, .collectionFailed].first(where: codes.contains) ?? codes.first ?? .passed
    }

    /// The checkup without any of these texts, which tools and servers may have sent back.
    package func masking(_ secrets: [Secret]) -> Checkup {
        let texts = secrets.map { $0.reveal() }.filter { $0.utf8.count >= 6 }.sorted { $0.count > $1.count }
        func masked(_ text: String) -> String {
            texts.reduce(text) { $0.replacing($1, with: Secret($1).description) }
        }
        var masking = self
        for section in masking.sections.indices {
            for index in masking.sections[section].findings.indices {
                let finding = masking.sections[section].findings[index]
                masking.sections[section].findings[index].text = masked(finding.text)
                masking.sections[section].findings[index].advice = finding.advice.map(masked)
            }
        }
        return masking
    }
}
