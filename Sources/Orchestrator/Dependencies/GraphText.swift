import CICore

/// A dependency graph in words, and in the language of Graphviz.
package struct GraphText: Sendable {
    private static let mostNames = 12
    private let outline: GraphOutline

    package init(_ outline: GraphOutline) { self.outline = outline }

    /// Level by level, each test with what it waits for, and the longest way; safe to show.
    package func lines() -> [String] {
        guard !outline.boxes.isEmpty else { return ["nothing waits: every test can run at once"] }
        let before = Dictionary(grouping: outline.lines, by: \.to)
        let shown = outline.boxes.indices.filter { outline.boxes[$0].units > 0 }
        var lines: [String] = []
        for (level, boxes) in Dictionary(grouping: shown, by: { outline.boxes[$0].level }).sorted(by: {
            $0.key < $1.key
        }) {
            let count = boxes.reduce(0) { $0 + outline.boxes[$1].units }
            let time = boxes.reduce(Duration.zero) { $0 + outline.boxes[$1].duration }
            let words = level == 0 ? "waits for nothing" : "after level \(level)"
            lines.append("level \(level + 1), \(words): \(Count.of(count, "unit")), \(DurationText.short(time))")
            for box in boxes.prefix(outline.isSummary ? 40 : Self.mostNames * 4) {
                lines.append("  " + row(of: box, after: sources(of: box, before)))
            }
            let rest = boxes.count - min(boxes.count, outline.isSummary ? 40 : Self.mostNames * 4)
            if rest > 0 { lines.append("  … and \(rest) more") }
        }
        lines.append("")
        lines.append(Self.criticalPath(of: outline))
        return lines.map { SafeText.line($0, limit: 1000) }
    }

    private func row(of index: Int, after sources: [String]) -> String {
        let box = outline.boxes[index]
        let size = box.units > 1 ? "\(Count.of(box.units, "unit")), " : ""
        let mark = box.isCritical ? ", on the critical path" : ""
        let names =
            sources.prefix(3).joined(separator: ", ") + (sources.count > 3 ? " and \(sources.count - 3) more" : "")
        return "\(box.name) (\(size)\(DurationText.short(box.duration))\(mark))"
            + (sources.isEmpty ? "" : " after \(names)")
    }

    /// The names of what a box waits for, those behind a meeting place as its title.
    private func sources(of box: Int, _ before: [Int: [GraphOutline.Line]]) -> [String] {
        (before[box] ?? []).map { outline.boxes[$0.from].name }
    }

    /// Why the run cannot be faster than the longest way.
    package static func criticalPath(of outline: GraphOutline) -> String {
        let path = outline.criticalPath
        let names = path.prefix(mostNames).map { "\($0.name) (\(DurationText.short($0.duration)))" }
        let rest = path.count - names.count
        return
            "critical path: \(DurationText.short(outline.longest)) with the start of each batch, because these can only "
            + "run one after another: "
            + names.joined(separator: " → ") + (rest > 0 ? " → … \(rest) more" : "")
    }

    /// A `digraph` for Graphviz, left to right; names are escaped.
    package func dot() -> String {
        var lines = [
            "digraph dependencies {", "  rankdir=LR;",
            "  node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=10];",
        ]
        for (index, box) in outline.boxes.enumerated() {
            guard box.units > 0 else {
                lines.append("  n\(index) [shape=point, tooltip=\(Self.quoted(box.name))];")
                continue
            }
            let size = box.units > 1 ? "\(box.units) units, " : ""
            let label = Self.escaped(box.name) + "\\n" + size + DurationText.short(box.duration)
            lines.append("  n\(index) [label=\"\(label)\"\(box.isCritical ? ", color=crimson, penwidth=2" : "")];")
        }
        for line in outline.lines {
            lines.append("  n\(line.from) -> n\(line.to)\(line.needsPass ? "" : " [style=dashed]");")
        }
        return (lines + ["}"]).map { $0 + "\n" }.joined()
    }

    private static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

    private static func escaped(_ text: String) -> String {
        SafeText.line(text, limit: 200).map { character in
            character == "\"" || character == "\\" ? "\\\(character)" : String(character)
        }.joined()
    }
}
