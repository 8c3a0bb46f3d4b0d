import CICore

/// Why a plan is as it is, in words and numbers.
package struct PlanExplanation: Sendable {
    private let run: PlannedRun

    package init(of run: PlannedRun) { self.run = run }

    /// One sentence a line, safe to show.
    package func lines() -> [String] {
        var lines = [work(), longest()].compactMap(\.self)
        lines += run.request.suites.indices.map(start)
        lines += [sources()] + run.cuts.map(cut) + order() + [batches(), bound()]
        return lines.map { SafeText.line($0, limit: 1000) }
    }

    private func work() -> String {
        let units = run.request.suites.reduce(0) { $0 + $1.units.count }
        let total = run.request.suites.flatMap(\.units).reduce(Duration.zero) { $0 + $1.estimate.duration }
        let slots = run.request.nodes.reduce(0) { $0 + $1.slots }
        let share = slots > 0 ? total / slots : total
        return "work: \(Count.of(units, "unit")), \(DurationText.short(total)) expected, "
            + "\(DurationText.short(share)) for each of \(Count.of(slots, "slot"))"
    }

    private func longest() -> String? {
        let units = run.request.suites.flatMap(\.units)
        guard let longest = units.max(by: { ($0.estimate.duration, $1.id) < ($1.estimate.duration, $0.id) }) else {
            return nil
        }
        return "longest unit: \(longest.id), \(DurationText.short(longest.estimate.duration)) "
            + "(\(longest.estimate.basis.words))"
    }

    private func start(of index: Int) -> String {
        let share = run.request.suites[index]
        let samples = run.suites.indices.contains(index) ? run.suites[index].estimates.start.samples : nil
        let source = samples.map { $0 > 0 ? "learnt from \(Count.of($0, "batch", "batches"))" : "the runner's default" }
        return "start cost: \(DurationText.short(share.startCost)) for each batch of \(share.name) "
            + "(\(source ?? "given"))"
    }

    private func sources() -> String {
        var counts = [0, 0, 0, 0]
        for unit in run.request.suites.flatMap(\.units) {
            switch unit.estimate.basis {
            case .history: counts[0] += 1
            case .declared: counts[1] += 1
            case .directory: counts[2] += 1
            case .runnerDefault: counts[3] += 1
            }
        }
        return "estimates: \(counts[0]) from history, \(counts[1]) as the runner says, "
            + "\(counts[2]) from their directory's 75th percentile, "
            + "\(counts[3]) from the runner's default (files by their size)"
    }

    private func cut(_ cut: UnitCut) -> String {
        let length = "\(cut.unit) is expected to take \(DurationText.short(cut.estimate.duration))"
        let reason =
            switch cut.reason {
            case .long(let share): "\(length), more than 0.7 × a slot's share of \(DurationText.short(share))"
            case .scarce: "\(cut.unit) is one of fewer units than slots"
            }
        if let pieces = cut.pieces { return "split: \(reason): now \(Count.of(pieces, "unit"))" }
        return "not split: \(reason), but \(cut.problem ?? "the runner cannot cut it")"
    }

    private func batches() -> String {
        let batches = run.plan.nodes.flatMap(\.batches)
        let serial = batches.count(where: \.isSerial)
        let smallest = batches.map(\.estimate).min() ?? .zero
        let largest = batches.map(\.estimate).max() ?? .zero
        return "batches: \(batches.count) from \(DurationText.short(largest)) down to \(DurationText.short(smallest)), "
            + (serial == 0 ? "none runs alone" : "\(serial) of them run alone")
    }

    /// What waits for what, level by level, and the longest way.
    private func order() -> [String] {
        let outline = GraphOutline(of: run.request)
        guard !outline.boxes.isEmpty else { return [] }
        let order = DependencyOrder(of: run.request)
        let waiting = Set(run.request.dependencies.gates.flatMap(\.waiting)).count
        let sizes = Dictionary(grouping: order.levels, by: \.self).sorted { $0.key < $1.key }.map(\.value.count)
        let shown = sizes.prefix(8).enumerated().map { "\($1) in level \($0 + 1)" }.joined(separator: ", ")
        var lines = [
            "order: \(Count.of(waiting, "unit")) of \(run.request.suites.reduce(0) { $0 + $1.units.count }) "
                + "\(waiting == 1 ? "waits" : "wait") for others; a level can start when the one before it has ended: "
                + shown + (sizes.count > 8 ? ", … \(sizes.count) levels in all" : ""),
            GraphText.criticalPath(of: outline),
        ]
        if run.request.nodes.count > 1 {
            lines.append("order: what waits for each other stays on one node, since nodes don't see each other")
        }
        return lines
    }

    private func bound() -> String {
        let request = run.request.satisfiable().request
        let bound = LowerBound(of: Lot.all(of: request), in: request)
        let reason =
            switch bound.reason {
            case .work: "all work and every suite's start, spread over all slots"
            case .workBehindStart: "all work spread over all slots, behind one start"
            case .longest(let suite): "the longest unit of \(suite) that cannot be cut, behind its start"
            case .criticalPath: "the critical path: what can only run one after another"
            case .semaphore(let name): "\"\(name)\", which only so many batches may use at once"
            case .limit(let suite, let slots): "suite \(suite), which may use only \(Count.of(slots, "slot"))"
            case .fit(let requirement, let slots):
                "what needs \(requirement), on the \(Count.of(slots, "slot")) that have it"
            }
        return "makespan: \(DurationText.short(run.plan.makespan)), \(PlanTable.ratio(run.plan)) × the lower bound of "
            + "\(DurationText.short(bound.duration)), which is \(reason)"
    }
}

/// Numbers with their noun.
enum Count {
    static func of(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }
}

extension Estimate.Basis {
    /// As a phrase.
    fileprivate var words: String {
        switch self {
        case .history(let samples): "median of \(Count.of(samples, "run"))"
        case .declared: "as the runner says"
        case .directory(let name): "75th percentile of \(name.isEmpty ? "the suite" : name)"
        case .runnerDefault: "the runner's default"
        }
    }
}
