import CICore

/// A Gantt picture: a row for each slot, a bar for each batch.
struct TimelineChart {
    private static let width = 960
    private static let rowHeight = 22
    private static let labelWidth = 110
    /// Half of the last time below the picture.
    private static let margin = 30
    /// A picture of more rows or bars is no picture any more.
    private static let rowLimit = 64
    private static let spanLimit = 5000

    private let spans: [BatchSpan]
    private let rows: [BatchSpan.Place]
    private let scale: ChartScale
    private let hasNodes: Bool

    init(_ spans: [BatchSpan]) {
        rows = Array(Set(spans.map(\.place)).sorted().prefix(Self.rowLimit))
        let shown = Set(rows)
        self.spans = Array(
            spans.filter { shown.contains($0.place) }.sorted { $1.duration < $0.duration }.prefix(Self.spanLimit))
        hasNodes = rows.contains { $0.node > 0 }
        scale = ChartScale(
            longest: spans.map { $0.start + $0.duration }.max() ?? .zero,
            length: (Self.width - Self.labelWidth - Self.margin) * 100)
    }

    var isEmpty: Bool { spans.isEmpty }

    func write(to writer: inout MarkupWriter) {
        let height = rows.count * Self.rowHeight + 24
        writer.raw("<svg class=\"chart\" viewBox=\"0 0 960 ")
        writer.number(height)
        writer.raw("\" role=\"img\" aria-label=\"Timeline: when each batch ran in which slot\">")
        writeTicks(height: height, to: &writer)
        for (index, row) in rows.enumerated() {
            writer.raw("<text class=\"label\" x=\"0\" y=\"")
            writer.number(index * Self.rowHeight + 15)
            writer.raw("\">")
            writer.text((hasNodes ? "node \(row.node + 1) slot \(row.slot + 1)" : "slot \(row.slot + 1)").utf8)
            writer.raw("</text>")
        }
        let lines = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1, $0) })
        for span in spans { write(span, line: lines[span.place] ?? 0, to: &writer) }
        writer.raw("</svg>")
    }

    private func writeTicks(height: Int, to writer: inout MarkupWriter) {
        for tick in scale.ticks(8) {
            let x = Self.labelWidth * 100 + scale.place(of: tick)
            writer.raw("<path class=\"grid\" d=\"M")
            writer.hundredths(x)
            writer.raw(" 0v")
            writer.number(height - 20)
            writer.raw("\"/><text class=\"tick\" x=\"")
            writer.hundredths(x)
            writer.raw("\" y=\"")
            writer.number(height - 6)
            writer.raw("\">")
            writer.text((tick == .zero ? "0" : DurationText.short(tick)).utf8)
            writer.raw("</text>")
        }
    }

    private func write(_ span: BatchSpan, line: Int, to writer: inout MarkupWriter) {
        writer.raw("<rect class=\"")
        writer.raw(span.count.isBroken || span.count.failed > 0 ? "bar bad" : "bar")
        writer.raw("\" x=\"")
        writer.hundredths(Self.labelWidth * 100 + scale.place(of: span.start))
        writer.raw("\" y=\"")
        writer.number(line * Self.rowHeight + 2)
        writer.raw("\" width=\"")
        writer.hundredths(max(50, scale.place(of: span.duration)))
        writer.raw("\" height=\"18\" rx=\"2\"><title>")
        let failed = span.count.failed > 0 ? ", \(span.count.failed) failed" : ""
        let broken = span.count.isBroken ? ", broke off" : ""
        let words = "\(SafeText.line(span.suite.rawValue, limit: 80)), \(span.count.tests) tests\(failed)\(broken), "
        writer.text((words + DurationText.short(span.duration)).utf8)
        writer.raw("</title></rect>")
    }
}
