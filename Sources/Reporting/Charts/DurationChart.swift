import CICore

/// How many tests take how long: a bar for each half power of ten.
struct DurationChart {
    private let bars: [(from: Duration, count: Int)]

    init(_ tests: [TestRecord]) {
        var counts = [Int](repeating: 0, count: Self.bounds.count)
        for test in tests where test.outcome != .skipped {
            let duration = test.duration
            counts[Self.bounds.lastIndex { $0 <= duration } ?? 0] += 1
        }
        let first = counts.firstIndex { $0 > 0 } ?? 0
        let last = counts.lastIndex { $0 > 0 } ?? 0
        bars = (first...last).map { (Self.bounds[$0], counts[$0]) }
    }

    private static let bounds: [Duration] =
        [.zero]
        + [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000].map { .milliseconds($0) }

    var isEmpty: Bool { bars.allSatisfy { $0.count == 0 } }

    /// In units of the picture: as wide as the timeline whatever the number of bars, so that its words are of one size.
    private static let width = 960
    private static let step = width / bounds.count

    func write(to writer: inout MarkupWriter) {
        let most = bars.map(\.count).max() ?? 1
        writer.raw("<svg class=\"chart\" viewBox=\"0 0 ")
        writer.number(Self.width)
        writer.raw(" 150\" role=\"img\" aria-label=\"How many tests take how long\">")
        for (index, bar) in bars.enumerated() {
            let height = bar.count == 0 ? 0 : max(100, bar.count * 10_000 / max(1, most))
            writer.raw("<rect class=\"bar\" x=\"")
            writer.number(index * Self.step + 3)
            writer.raw("\" y=\"")
            writer.hundredths(12_000 - height)
            writer.raw("\" width=\"")
            writer.number(Self.step - 6)
            writer.raw("\" height=\"")
            writer.hundredths(height)
            writer.raw("\" rx=\"2\"/><text class=\"tick\" x=\"")
            writer.number(index * Self.step + Self.step / 2)
            writer.raw("\" y=\"")
            writer.hundredths(11_500 - height)
            writer.raw("\">")
            writer.number(bar.count)
            writer.raw("</text><text class=\"tick\" x=\"")
            writer.number(index * Self.step + Self.step / 2)
            writer.raw("\" y=\"138\">")
            writer.text((index == 0 && bar.from == .zero ? "< 1 ms" : "≥ " + DurationText.short(bar.from)).utf8)
            writer.raw("</text>")
        }
        writer.raw("</svg>")
    }
}
