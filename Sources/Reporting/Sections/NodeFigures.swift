import CICore

/// What each node and each kind of hardware did: how long it was busy and idle, and what it lost.
struct NodeFigures: Sendable {
    let nodes: [Node]

    /// One node, or several of a kind.
    struct Node: Sendable {
        var index: Int
        var hardware: HardwareClass?
        var machine: String?
        var work = Work()
        var lost = 0

        /// Its class, and what stands behind that.
        var title: String {
            let name = hardware?.rawValue ?? "unknown"
            return machine.map { "\(name) (\(SafeText.line($0, limit: 120)))" } ?? name
        }
    }

    /// What was done.
    struct Work: Sendable {
        var slots = 0
        var batches = 0
        var tests = 0
        var failed = 0
        var busy = Duration.zero
        var idle = Duration.zero

        static func + (left: Self, right: Self) -> Self {
            Self(
                slots: left.slots + right.slots, batches: left.batches + right.batches,
                tests: left.tests + right.tests, failed: left.failed + right.failed, busy: left.busy + right.busy,
                idle: left.idle + right.idle)
        }
    }

    /// A slot is idle from the run's beginning to its end but for its batches.
    init(_ results: RunResults) {
        let spans = Dictionary(grouping: results.timeline, by: \.place.node)
        let records = Dictionary(results.nodes.map { ($0.index, $0) }) { first, _ in first }
        let end = results.timeline.map { $0.start + $0.duration }.max() ?? results.duration
        nodes = Set(spans.keys).union(records.keys).sorted().map { index in
            var node = Node(index: index, hardware: records[index]?.hardware, machine: records[index]?.machine)
            node.lost = records[index]?.lost ?? 0
            for span in spans[index] ?? [] {
                node.work.batches += 1
                node.work.tests += span.count.tests
                node.work.failed += span.count.failed
                node.work.busy += span.duration
            }
            node.work.slots = Set((spans[index] ?? []).map(\.place.slot)).count
            node.work.idle = max(.zero, end * node.work.slots - node.work.busy)
            return node
        }
    }

    /// A row for each node.
    var byNode: ReportPart.Table {
        ReportPart.Table(
            columns: [
                .init(title: "Node", reading: .label), .init(title: "Hardware", reading: .name),
                Self.slots,
            ] + Self.columns,
            rows: nodes.map { node in
                ["node \(node.index + 1)", node.title, "\(node.work.slots)"]
                    + Self.cells(node.work, lost: node.lost)
            })
    }

    /// A row for each kind of hardware, in the order in which they come.
    var byHardware: ReportPart.Table {
        var kinds: [HardwareClass] = []
        for kind in nodes.compactMap(\.hardware) where !kinds.contains(kind) { kinds.append(kind) }
        return ReportPart.Table(
            columns: [
                .init(title: "Hardware", reading: .name),
                .init(title: "Nodes", reading: .count(one: "node", many: "nodes")),
                Self.slots,
            ] + Self.columns,
            rows: kinds.map { kind in
                let members = nodes.filter { $0.hardware == kind }
                let work = members.reduce(Work()) { $0 + $1.work }
                return [kind.rawValue, "\(members.count)", "\(work.slots)"]
                    + Self.cells(work, lost: members.reduce(0) { $0 + $1.lost })
            })
    }

    private static let slots = ReportPart.Column(title: "Slots", reading: .count(one: "slot", many: "slots"))
    private static let columns: [ReportPart.Column] =
        [
            .init(title: "Batches", reading: .count(one: "batch", many: "batches")),
            .init(title: "Tests", reading: .count(one: "test", many: "tests")),
        ] + ["Failed", "Lost"].map { .init(title: $0, reading: .valueThenTitle) }
        + ["Busy", "Idle"].map { .init(title: $0, reading: .titleThenValue) }

    private static func cells(_ work: Work, lost: Int) -> [String] {
        [
            "\(work.batches)", "\(work.tests)", "\(work.failed)", "\(lost)",
            work.slots == 0 ? "–" : DurationText.short(work.busy),
            work.slots == 0 ? "–" : DurationText.short(work.idle),
        ]
    }
}
