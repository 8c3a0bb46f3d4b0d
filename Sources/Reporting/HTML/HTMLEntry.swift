import CICore

/// One test that did not simply pass: a line that unfolds to its attempts.
struct HTMLEntry {
    let test: TestRecord
    let model: ReportModel

    private var results: RunResults { model.results }

    /// Bytes of a message, a trace and an output.
    private static let textLimit = 16 << 10

    func write(isOpen: Bool, to writer: inout MarkupWriter) {
        writer.raw(isOpen ? "<details open>" : "<details>")
        writer.raw("<summary><span class=\"o ")
        writer.raw(test.isFlaky ? "k" : test.outcome.isFailure ? "f" : "p")
        writer.raw("\">")
        writer.text((test.isFlaky ? "flaky" : test.outcome.rawValue).utf8)
        writer.raw("</span> ")
        writer.text(TestTitle.text(of: test).utf8)
        writer.raw(" <span class=\"note\">")
        writer.text(notes.joined(separator: ", ").utf8)
        writer.raw("</span></summary>")
        for (index, attempt) in test.attempts.enumerated() where attempt.outcome != .passed || attempt.reason != nil {
            if test.attempts.count > 1 { heading("Attempt \(index + 1): \(attempt.outcome.rawValue)", to: &writer) }
            write(attempt, to: &writer)
        }
        let attached = AttachmentList(of: test, in: results).lines
        if !attached.isEmpty {
            heading("Attachments", to: &writer)
            HTMLLines(lines: attached[...]).write(to: &writer)
        }
        if results.verdict != nil { writeCommands(to: &writer) }
        writer.raw("</details>")
    }

    /// What was run by dt-ci can be run by it again, and by the runner itself where its command is known.
    private func writeCommands(to writer: inout MarkupWriter) {
        heading("Run it alone", to: &writer)
        let words = model.facts.again.map(CommandLineText.shellShown).joined(separator: " ")
        let option = RerunAdvice.option(CommandLineText.shellShown(test.id.rawValue))
        let commands = [words + option, results.background[test.id]?.command].compactMap(\.self)
        writer.raw("<pre>")
        writer.text(commands.joined(separator: "\n").utf8)
        writer.raw("</pre>")
    }

    private var notes: [String] {
        [
            DurationText.short(test.duration),
            test.identity.location.map {
                SafeText.line($0.file, limit: 200) + ($0.line.map { ":\($0)" } ?? "")
            },
            results.isQuarantined(test.id) ? "quarantined" : nil,
            results.comparison.flatMap { ComparisonWords($0).standing(of: test.id) },
            FlipHistory.marks(of: test, in: results).map { "last runs \($0)" },
            OwnerNames(of: test, in: model).text,
        ].compactMap(\.self)
    }

    private func write(_ attempt: Attempt, to writer: inout MarkupWriter) {
        let words = FailureWords(attempt.reason)
        let texts = [("", words.line), ("", words.details), ("Output", attempt.output ?? "")]
        for (title, text) in texts where !text.isEmpty {
            if !title.isEmpty { heading(title, to: &writer) }
            writer.raw("<pre>")
            var ansi = AnsiText(SafeText.Bounded.head(text, limit: Self.textLimit).text)
            ansi.write(to: &writer)
            if text.utf8.count > Self.textLimit { writer.raw("\n… cut here") }
            writer.raw("</pre>")
        }
    }

    private func heading(_ text: String, to writer: inout MarkupWriter) {
        writer.raw("<h3>")
        writer.text(text.utf8)
        writer.raw("</h3>")
    }
}
