import CICore

/// What each node did: batches, tests, how long it was busy.
struct HTMLNodeTable {
    private let rows: [Row]

    private struct Row {
        var node: Int
        var slots = 0
        var batches = 0
        var tests = 0
        var failed = 0
        var busy = Duration.zero
        var idle = Duration.zero
    }

    /// A slot is idle from the run's beginning to its end but for its batches.
    init(_ spans: [BatchSpan], duration: Duration) {
        let end = spans.map { $0.start + $0.duration }.max() ?? duration
        let byNode = Dictionary(grouping: spans, by: \.place.node)
        rows = byNode.keys.sorted().map { node in
            let spans = byNode[node] ?? []
            var row = Row(node: node)
            row.slots = Set(spans.map(\.place.slot)).count
            row.batches = spans.count
            row.tests = spans.reduce(0) { $0 + $1.count.tests }
            row.failed = spans.reduce(0) { $0 + $1.count.failed }
            row.busy = spans.reduce(.zero) { $0 + $1.duration }
            row.idle = max(.zero, end * row.slots - row.busy)
            return row
        }
    }

    func write(to writer: inout MarkupWriter) {
        writer.raw("<table><thead><tr><th scope=\"col\">Node</th>")
        for title in ["Slots", "Batches", "Tests", "Failed", "Busy", "Idle"] {
            writer.raw("<th scope=\"col\" class=\"n\">")
            writer.text(title.utf8)
            writer.raw("</th>")
        }
        writer.raw("</tr></thead><tbody>")
        for row in rows {
            writer.raw("<tr><td>node ")
            writer.number(row.node + 1)
            writer.raw("</td>")
            let cells = [
                "\(row.slots)", "\(row.batches)", "\(row.tests)", "\(row.failed)", DurationText.short(row.busy),
                DurationText.short(row.idle),
            ]
            for cell in cells {
                writer.raw("<td class=\"n\">")
                writer.text(cell.utf8)
                writer.raw("</td>")
            }
            writer.raw("</tr>")
        }
        writer.raw("</tbody></table>")
    }
}
