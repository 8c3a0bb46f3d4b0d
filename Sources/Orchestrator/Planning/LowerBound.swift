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
        /// What can only run one after another, each in a batch of its own.
        case criticalPath
        /// What takes places of a semaphore, over the places that it has.
        case semaphore(String)
    }

    package private(set) var duration: Duration = .zero
    package private(set) var reason = Reason.work

    /// - Parameters:
    ///   - lots: every unit in one of them; several lots of a suite count as one, since their units may share batches.
    ///   - request: what is planned.
    ///   - order: of its graph, where that is known; `nil` = it is made.
    init(of lots: [Lot], in request: PlanRequest, order: DependencyOrder? = nil) {
        let slots = Int64(request.nodes.reduce(0) { $0 + $1.slots })
        let smallest = Int64(request.nodes.map(\.slots).min() ?? 1)
        guard slots > 0, let cheapest = lots.map(\.start).min() else { return }
        var work: Int64 = 0
        var starts: Int64 = 0
        for part in Part.all(of: lots) {
            let name = request.suites[part.suite].name
            let held = part.isSerial ? smallest : 1
            work += held * part.total
            starts += held * part.start * part.fewestStarts(in: request)
            raise(to: part.start + part.longest, because: .longest(name))
            if let limit = request.suites[part.suite].limits.slots {
                let own = part.total + part.start * part.fewestStarts(in: request)
                raise(to: Self.quotient(own, Int64(max(1, limit))), because: .limit(name, slots: limit))
            }
        }
        for fit in Set(lots.compactMap(\.kind.fit)).sorted() { raise(byFit: request.fits[fit], lots, request) }
        raise(to: Self.quotient(work + starts, slots), because: .work)
        raise(to: Self.quotient(work, slots) + cheapest, because: .workBehindStart)
        raiseForClaims(of: request)
        guard !request.dependencies.isEmpty else { return }
        raise(to: (order ?? DependencyOrder(of: request)).longest.microseconds, because: .criticalPath)
    }

    /// The work of all that only these nodes, or some of them, can run.
    private mutating func raise(byFit fit: NodeFit, _ lots: [Lot], _ request: PlanRequest) {
        let able = Set(fit.nodes)
        let slots = Int64(fit.nodes.reduce(0) { $0 + request.nodes[$1].slots })
        let smallest = Int64(fit.nodes.map { request.nodes[$0].slots }.min() ?? 1)
        guard slots > 0 else { return }
        let own = lots.filter { lot in
            lot.kind.fit.map { able.isSuperset(of: request.fits[$0].nodes) } ?? false
        }
        let work = Part.all(of: own).reduce(0 as Int64) { sum, part in
            sum + (part.isSerial ? smallest : 1) * (part.total + part.start * part.fewestStarts(in: request))
        }
        raise(to: Self.quotient(work, slots), because: .fit(fit.requirement, slots: Int(slots)))
    }

    /// The lots of a suite that run alike and ask the same of a node.
    private struct Part {
        var suite: Int
        var kind: Lot.Kind
        var start: Int64
        var total: Int64 = 0
        var longest: Int64 = 0
        var units = 0
        var areSingle = true

        var isSerial: Bool { kind.isSerial }

        /// In the order of their first lots.
        static func all(of lots: [Lot]) -> [Part] {
            struct Key: Hashable {
                var suite: Int
                var kind: Lot.Kind
            }
            var places: [Key: Int] = [:]
            var parts: [Part] = []
            for lot in lots {
                let place = places[Key(suite: lot.suite, kind: lot.kind)] ?? parts.count
                if place == parts.count {
                    places[Key(suite: lot.suite, kind: lot.kind)] = place
                    parts.append(Part(suite: lot.suite, kind: lot.kind, start: lot.start))
                }
                parts[place].total += lot.atoms.total
                parts[place].longest = max(parts[place].longest, lot.atoms.longest)
                parts[place].units += lot.atoms.unitCount
                parts[place].areSingle = parts[place].areSingle && lot.atoms.areSingle
            }
            return parts
        }

        /// The fewest starts that the limits allow; bonds can only be counted on to need one.
        func fewestStarts(in request: PlanRequest) -> Int64 {
            guard let size = request.suites[suite].limits.unitsPerBatch, areSingle else { return 1 }
            return Int64((units + size - 1) / max(1, size))
        }
    }

    private mutating func raiseForClaims(of request: PlanRequest) {
        var places: [String: (time: Int64, capacity: Int)] = [:]
        for share in request.suites {
            for (position, claims) in share.claims {
                for claim in claims {
                    let time = share.units[Int(position)].microseconds * Int64(claim.count)
                    places[claim.name, default: (0, claim.capacity)].time += time
                }
            }
        }
        for (name, place) in places.sorted(by: { $0.key < $1.key }) {
            raise(to: Self.quotient(place.time, Int64(max(1, place.capacity))), because: .semaphore(name))
        }
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
