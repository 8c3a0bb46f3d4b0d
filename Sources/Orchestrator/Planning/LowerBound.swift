package import CICore

/// The time that no plan can beat: the greatest of several bounds, each true by itself.
package struct LowerBound: Sendable, Hashable {
    /// Why no plan can be done earlier.
    package enum Reason: Sendable, Hashable {
        /// All work with each suite's fewest starts, spread evenly over all slots; serial work holds all slots of its
        /// node.
        case work
        /// All work spread evenly behind one start: whatever slots are in use, each begins with a start.
        case workBehindStart
        /// What cannot be cut and takes longest, behind its start.
        case longest(SuiteName)
        /// A suite's work and fewest starts over the few slots that it may use.
        case limit(SuiteName, slots: Int)
        /// What only some nodes can run, over their slots.
        case fit(String, slots: Int)
    }

    package private(set) var duration: Duration = .zero
    package private(set) var reason = Reason.work

    init(of lots: [Lot], in request: PlanRequest) {
        let slots = Int64(request.nodes.reduce(0) { $0 + $1.slots })
        let smallest = Int64(request.nodes.map(\.slots).min() ?? 1)
        guard slots > 0, let cheapest = lots.map(\.start).min() else { return }
        var work: Int64 = 0
        var starts: Int64 = 0
        for lot in lots {
            let name = request.suites[lot.suite].name
            let held = lot.isSerial ? smallest : 1
            work += held * lot.atoms.total
            starts += held * lot.start * lot.fewestStarts
            raise(to: lot.start + lot.atoms.longest, because: .longest(name))
            if let limit = lot.limits.slots {
                let own = lot.atoms.total + lot.start * lot.fewestStarts
                raise(to: Self.quotient(own, Int64(max(1, limit))), because: .limit(name, slots: limit))
            }
        }
        for fit in Set(lots.compactMap(\.kind.fit)).sorted() { raise(byFit: request.fits[fit], lots, request) }
        raise(to: Self.quotient(work + starts, slots), because: .work)
        raise(to: Self.quotient(work, slots) + cheapest, because: .workBehindStart)
    }

    /// The work of all that only these nodes, or some of them, can run.
    private mutating func raise(byFit fit: NodeFit, _ lots: [Lot], _ request: PlanRequest) {
        let able = Set(fit.nodes)
        let slots = Int64(fit.nodes.reduce(0) { $0 + request.nodes[$1].slots })
        let smallest = Int64(fit.nodes.map { request.nodes[$0].slots }.min() ?? 1)
        guard slots > 0 else { return }
        let work = lots.reduce(0 as Int64) { sum, lot in
            guard let asked = lot.kind.fit, able.isSuperset(of: request.fits[asked].nodes) else { return sum }
            return sum + (lot.isSerial ? smallest : 1) * (lot.atoms.total + lot.start * lot.fewestStarts)
        }
        raise(to: Self.quotient(work, slots), because: .fit(fit.requirement, slots: Int(slots)))
    }

    private mutating func raise(to microseconds: Int64, because reason: Reason) {
        guard .microseconds(microseconds) > duration else { return }
        duration = .microseconds(microseconds)
        self.reason = reason
    }

    private static func quotient(_ dividend: Int64, _ divisor: Int64) -> Int64 {
        (dividend + divisor - 1) / divisor
    }
}
