import CICore

/// A checkup for people: sections with aligned subjects, advice below what needs it, the verdict last.
package struct CheckupText: Sendable {
    private let checkup: Checkup
    private let style: ConsoleStyle
    private let isQuiet: Bool

    /// - Parameters:
    ///   - checkup: what is shown.
    ///   - isColored: whether a terminal reads it.
    ///   - isQuiet: only what is to be mended; nothing at all where that is nothing.
    package init(_ checkup: Checkup, isColored: Bool, isQuiet: Bool = false) {
        self.checkup = checkup
        style = ConsoleStyle(isColored: isColored)
        self.isQuiet = isQuiet
    }

    /// The whole text, with a line feed at its end.
    package var text: String {
        let sections = checkup.sections.map(lines).filter { !$0.isEmpty }
        guard !isQuiet || !sections.isEmpty else { return "" }
        return (sections + [[verdict]]).map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    private func lines(of section: Checkup.Section) -> [String] {
        let shown = section.findings.filter { !isQuiet || $0.level.isTrouble }
        guard !shown.isEmpty else { return [] }
        let width = shown.map(\.subject.count).max() ?? 0
        let indent = String(repeating: " ", count: width + 6)
        var lines = [style.heading(section.title)]
        var last: String?
        for finding in shown {
            let gap = String(repeating: " ", count: width - finding.subject.count)
            lines.append("  \(mark(of: finding)) \(finding.subject)\(gap)  \(finding.text)")
            // What was just said need not be said again.
            if let advice = finding.advice, advice != last { lines.append("\(indent)\(style.dim("→")) \(advice)") }
            last = finding.advice ?? last
        }
        return lines
    }

    private func mark(of finding: Finding) -> String {
        switch finding.level {
        case .ok: style.success("✔")
        case .note: style.dim("·")
        case .problem: style.warning("!")
        case .broken: style.failure("✘")
        }
    }

    private var verdict: String {
        let findings = checkup.findings
        let broken = findings.count { if case .broken = $0.level { true } else { false } }
        // What one deed mends counts once.
        let problems = Set(findings.filter { $0.level == .problem }.map { $0.advice ?? $0.subject }).count
        let time = " (\(DurationText.short(checkup.duration)))"
        let less = problems > 0 ? ", with less than it could: \(RunSentence.count(problems, "problem"))" : ""
        guard broken > 0 else {
            let mark = problems > 0 ? style.warning("!") : style.success("✔")
            return "\(mark) dt-ci run would work\(less)\(time)"
        }
        let more = problems > 0 ? ", and \(RunSentence.count(problems, "problem")) more" : ""
        return
            "\(style.failure("✘")) dt-ci run would not work: \(RunSentence.count(broken, "thing")) to mend first\(more)\(time)"
            + "\n  exit code \(checkup.exitCode.rawValue): \(checkup.exitCode.meaning)"
    }
}
