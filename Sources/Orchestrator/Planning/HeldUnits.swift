import CICore

/// The units that cannot be planned each for itself: they wait, are waited for, or claim what others claim too.
///
/// Parallel arrays in the order of the request. Planned where nothing is held, nothing of this is computed.
struct HeldUnits {
    private(set) var suites: [Int32] = []
    /// In the suite's listing.
    private(set) var positions: [Int32] = []
    /// The first round in which it can run.
    private(set) var levels: [Int32] = []
    /// Whether it lies on a way nearly as long as the run.
    private(set) var isCritical: [Bool] = []
    /// Position in `claimSets`; -1 = claims nothing.
    private(set) var claims: [Int32] = []
    private(set) var claimSets: [[SemaphoreClaim]] = []
    /// For each suite the number of each held unit, by position; -1 = free; empty = the whole suite is free.
    private(set) var numbers: [[Int32]]

    /// Whether anything of a request is held.
    static func areThere(in request: PlanRequest) -> Bool {
        !request.dependencies.isEmpty || request.suites.contains { !$0.claims.isEmpty }
    }

    var count: Int { suites.count }

    /// - Parameters:
    ///   - request: what is planned.
    ///   - order: of its graph.
    ///   - work: all expected work spread over all slots, in microseconds.
    init(_ request: PlanRequest, _ order: DependencyOrder, work: Int64) {
        let graph = request.dependencies
        numbers = request.suites.map { _ in [] }
        for vertex in graph.vertices { mark(vertex.suite, vertex.position, in: request) }
        for (suite, share) in request.suites.enumerated() {
            for position in share.claims.keys { mark(Int32(suite), position, in: request) }
            // Nodes don't see each other: a suite of which a part is held keeps to its limit by staying in one place.
            if request.nodes.count > 1, share.limits.slots != nil, !numbers[suite].isEmpty {
                for position in share.units.indices { numbers[suite][position] = 0 }
            }
        }
        markBonds(of: request)
        number(request)
        let target = max(work, order.longest.microseconds)
        for (index, vertex) in graph.vertices.enumerated() {
            let number = Int(numbers[Int(vertex.suite)][Int(vertex.position)])
            levels[number] = order.levels[index]
            isCritical[number] = order.depth > 2 && order.length(through: index) * 2 > target
        }
        levelBonds(of: request)
    }

    private mutating func mark(_ suite: Int32, _ position: Int32, in request: PlanRequest) {
        let suite = Int(suite)
        if numbers[suite].isEmpty {
            numbers[suite] = [Int32](repeating: -1, count: request.suites[suite].units.count)
        }
        numbers[suite][Int(position)] = 0
    }

    /// Units that are bonded to a held one are held with it.
    private mutating func markBonds(of request: PlanRequest) {
        for suite in numbers.indices where !numbers[suite].isEmpty {
            let units = request.suites[suite].units
            let bonds = Set(units.indices.filter { numbers[suite][$0] >= 0 }.compactMap { units[$0].bond })
            guard !bonds.isEmpty else { continue }
            for position in units.indices where numbers[suite][position] < 0 {
                if let bond = units[position].bond, bonds.contains(bond) { numbers[suite][position] = 0 }
            }
        }
    }

    private mutating func number(_ request: PlanRequest) {
        var known: [[SemaphoreClaim]: Int32] = [:]
        for suite in numbers.indices where !numbers[suite].isEmpty {
            let given = request.suites[suite].claims
            for position in numbers[suite].indices where numbers[suite][position] >= 0 {
                numbers[suite][position] = Int32(suites.count)
                suites.append(Int32(suite))
                positions.append(Int32(position))
                guard let set = given[Int32(position)], !set.isEmpty else {
                    claims.append(-1)
                    continue
                }
                let index = known[set] ?? Int32(claimSets.count)
                if known.updateValue(index, forKey: set) == nil { claimSets.append(set) }
                claims.append(index)
            }
        }
        levels = [Int32](repeating: 0, count: suites.count)
        isCritical = [Bool](repeating: false, count: suites.count)
    }

    /// What is one batch has one level, one way and one set of claims.
    private mutating func levelBonds(of request: PlanRequest) {
        var members: [String: [Int]] = [:]
        for number in suites.indices {
            guard let bond = request.suites[Int(suites[number])].units[Int(positions[number])].bond else { continue }
            members["\(suites[number]) \(bond)", default: []].append(number)
        }
        for group in members.values where group.count > 1 {
            let level = group.map { levels[$0] }.max() ?? 0
            let isOnWay = group.contains { isCritical[$0] }
            let joined = group.map { claims[$0] }.filter { $0 >= 0 }
                .reduce([SemaphoreClaim]()) { SemaphoreClaim.joined($0, claimSets[Int($1)]) }
            var set: Int32 = -1
            if !joined.isEmpty {
                set = Int32(claimSets.firstIndex(of: joined) ?? claimSets.count)
                if Int(set) == claimSets.count { claimSets.append(joined) }
            }
            for number in group {
                levels[number] = level
                isCritical[number] = isOnWay
                claims[number] = set
            }
        }
    }
}

extension HeldUnits {
    /// The node of each held unit: what waits for each other, is one batch or claims the same stays on one node, the
    /// largest knot on the emptiest node.
    func nodes(for request: PlanRequest) -> [Int32] {
        guard request.nodes.count > 1 else { return [Int32](repeating: 0, count: count) }
        // A single node has what is asked for, or `satisfiable()` had taken it out.
        var knots = Knots(count: count)
        for gate in request.dependencies.gates {
            guard let first = gate.inputs.first.map({ number(of: $0, in: request) }) else { continue }
            for vertex in gate.inputs.dropFirst() { knots.join(first, number(of: vertex, in: request)) }
            for vertex in gate.waiting { knots.join(first, number(of: vertex, in: request)) }
        }
        var leaders: [String: Int32] = [:]
        let tie = { (name: String, number: Int, knots: inout Knots) in
            if let leader = leaders[name] { knots.join(leader, Int32(number)) } else { leaders[name] = Int32(number) }
        }
        for number in suites.indices {
            let share = request.suites[Int(suites[number])]
            if let bond = share.units[Int(positions[number])].bond { tie("b\(suites[number]) \(bond)", number, &knots) }
            if share.limits.slots != nil { tie("l\(suites[number])", number, &knots) }
            guard claims[number] >= 0 else { continue }
            for claim in claimSets[Int(claims[number])] { tie("s\(claim.name)", number, &knots) }
        }
        return place(&knots, request)
    }

    private func number(of vertex: Int32, in request: PlanRequest) -> Int32 {
        let vertex = request.dependencies.vertices[Int(vertex)]
        return numbers[Int(vertex.suite)][Int(vertex.position)]
    }

    /// What only some nodes can run comes first, then the largest.
    private func place(_ knots: inout Knots, _ request: PlanRequest) -> [Int32] {
        let roots = suites.indices.map { knots.root(of: Int32($0)) }
        var work = [Int64](repeating: 0, count: count)
        var fits: [Int32: Set<Int>] = [:]
        for number in suites.indices {
            let unit = request.suites[Int(suites[number])].units[Int(positions[number])]
            work[Int(roots[number])] += unit.microseconds
            if let fit = unit.fit { fits[roots[number], default: []].insert(fit) }
        }
        let leaders = suites.indices.filter { work[$0] > 0 }
        let order = DurationOrder.descending(leaders.map { work[$0] }).map { leaders[Int($0)] }
        var loads = request.nodes.map { _ in Int64(0) }
        var nodes = [Int32](repeating: 0, count: count)
        for leader in order {
            guard let asked = fits[Int32(leader)] else { continue }
            let able = NodeFit.all(of: asked.sorted().map { request.fits[$0] }).nodes
            // No node at all: the plan names what cannot run.
            guard let node = able.min(by: { (loads[$0], $0) < (loads[$1], $1) }) else {
                nodes[leader] = -1
                continue
            }
            nodes[leader] = Int32(node)
            loads[node] += work[leader]
        }
        var heap = LaneHeap(loads: loads)
        for leader in order where fits[Int32(leader)] == nil { nodes[leader] = heap.add(work[leader]) }
        return roots.map { nodes[Int($0)] }
    }
}

/// Union-find: which of many numbers belong together.
struct Knots {
    private var parents: [Int32]

    init(count: Int) { parents = (0..<Int32(count)).map { $0 } }

    mutating func root(of number: Int32) -> Int32 {
        var number = number
        while parents[Int(number)] != number {
            parents[Int(number)] = parents[Int(parents[Int(number)])]
            number = parents[Int(number)]
        }
        return number
    }

    /// The smaller number stands for both.
    mutating func join(_ left: Int32, _ right: Int32) {
        let (left, right) = (root(of: left), root(of: right))
        if left != right { parents[Int(max(left, right))] = min(left, right) }
    }
}
