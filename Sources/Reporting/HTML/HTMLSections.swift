import CICore

/// The sections between the head and the list of all tests, those that need a person first.
struct HTMLSections {
    let report: HTMLReport

    private var results: RunResults { report.results }

    /// More are in the list of all tests.
    private static let entryLimit = 200
    private static let nameLimit = 500

    func write(to writer: inout MarkupWriter) {
        names("Lost: not known to have run", results.completeness?.lost ?? [], to: &writer)
        for group in results.failureGroups {
            guard !group.tests.isEmpty else { continue }
            open(group.title, count: group.tests.count, to: &writer)
            for (index, test) in group.tests.prefix(Self.entryLimit).enumerated() {
                HTMLEntry(test: test, results: results).write(isOpen: index < 3, to: &writer)
            }
            rest(of: group.tests.count, shown: Self.entryLimit, to: &writer)
            writer.raw("</section>")
        }
        writeFlaky(to: &writer)
        writeChanges(to: &writer)
        writeCharts(to: &writer)
        writeSlowest(to: &writer)
        list("Warnings", results.warnings.map { SafeText.line($0) }, to: &writer)
        list("Reports", results.files.count > 1 ? results.files.map { SafeText.line($0.path) } : [], to: &writer)
    }

    private func writeFlaky(to writer: inout MarkupWriter) {
        let flaky = results.flaky
        guard !flaky.isEmpty else { return }
        open("Flaky: passed after failing", count: flaky.count, to: &writer)
        for test in flaky.prefix(Self.entryLimit) {
            HTMLEntry(test: test, results: results).write(isOpen: false, to: &writer)
        }
        rest(of: flaky.count, shown: Self.entryLimit, to: &writer)
        writer.raw("</section>")
    }

    private func writeChanges(to writer: inout MarkupWriter) {
        guard let comparison = results.comparison else { return }
        names("Fixed", comparison.fixed, to: &writer)
        names("Newly skipped", comparison.newlySkipped, to: &writer)
        names("Removed", comparison.removed, to: &writer)
        list(
            "Slower than before",
            comparison.slower.map {
                "\(SafeText.line($0.test.rawValue, limit: 240)): \(ComparisonWords.change($0))"
            }, to: &writer)
    }

    private func writeCharts(to writer: inout MarkupWriter) {
        let timeline = TimelineChart(results.timeline)
        if !timeline.isEmpty {
            writer.raw("<section><h2>Timeline</h2>")
            timeline.write(to: &writer)
            HTMLNodeTable(results.timeline, duration: results.duration).write(to: &writer)
            writer.raw("</section>")
        }
        let durations = DurationChart(results.tests)
        guard results.tests.count > 1, !durations.isEmpty else { return }
        writer.raw("<section><h2>How long tests take</h2>")
        durations.write(to: &writer)
        writer.raw("</section>")
    }

    private func writeSlowest(to writer: inout MarkupWriter) {
        let slow = results.slowest(10)
        guard !slow.isEmpty else { return }
        writer.raw("<section><h2>Slowest</h2><table><thead><tr><th scope=\"col\">Time</th>")
        writer.raw("<th scope=\"col\">Test</th></tr></thead><tbody>")
        for test in slow {
            writer.raw("<tr><td class=\"n\">")
            writer.text(DurationText.short(test.duration).utf8)
            writer.raw("</td><td>")
            writer.text(TestTitle.text(of: test).utf8)
            writer.raw("</td></tr>")
        }
        writer.raw("</tbody></table></section>")
    }

    private func names(_ title: String, _ tests: [TestID], to writer: inout MarkupWriter) {
        list(title, tests.map { SafeText.line($0.rawValue, limit: 240) }, to: &writer)
    }

    private func list(_ title: String, _ lines: [String], to writer: inout MarkupWriter) {
        guard !lines.isEmpty else { return }
        open(title, count: lines.count, to: &writer)
        writer.raw("<ul>")
        for line in lines.prefix(Self.nameLimit) {
            writer.raw("<li>")
            writer.text(line.utf8)
            writer.raw("</li>")
        }
        writer.raw("</ul>")
        rest(of: lines.count, shown: Self.nameLimit, to: &writer)
        writer.raw("</section>")
    }

    private func open(_ title: String, count: Int, to writer: inout MarkupWriter) {
        writer.raw("<section><h2>")
        writer.text(title.utf8)
        writer.raw(" <span class=\"count\">")
        writer.number(count)
        writer.raw("</span></h2>")
    }

    private func rest(of count: Int, shown: Int, to writer: inout MarkupWriter) {
        guard count > shown else { return }
        writer.raw("<p>… and ")
        writer.number(count - shown)
        writer.raw(" more, in the list of all tests.</p>")
    }
}
