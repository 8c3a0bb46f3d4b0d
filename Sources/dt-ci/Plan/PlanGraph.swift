import ArgumentParser
import CICore
import Orchestrator
import Reporting

/// How `dt-ci plan --graph` shows what waits for what.
enum GraphFormat: String, ExpressibleByArgument, CaseIterable {
    /// For Graphviz.
    case dot
    case svg
    case text
}

/// What waits for what, as `dt-ci plan --graph` prints it.
struct PlanGraph {
    private let outline: GraphOutline

    init(of request: PlanRequest) { outline = GraphOutline(of: request) }

    /// The whole document.
    func bytes(as format: GraphFormat) -> [UInt8] {
        switch format {
        case .text: Array(GraphText(outline).lines().map { $0 + "\n" }.joined().utf8)
        case .dot: Array(GraphText(outline).dot().utf8)
        case .svg: chart.svg()
        }
    }

    private var chart: DependencyChart {
        DependencyChart(
            outline.boxes.map { box in
                let size = box.units > 1 ? "\(counted(box.units, "unit")), " : ""
                return .init(
                    name: box.name, level: box.level,
                    note: box.units == 0 ? "" : size + DurationText.short(box.duration), isCritical: box.isCritical)
            },
            lines: outline.lines.map { .init(from: $0.from, to: $0.to, isDashed: !$0.needsPass) },
            title: outline.boxes.isEmpty
                ? "Nothing waits: every test can run at once" : GraphText.criticalPath(of: outline))
    }
}
