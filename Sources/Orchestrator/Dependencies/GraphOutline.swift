import CICore

/// A dependency graph as a picture shows it: boxes in levels, lines between them.
package struct GraphOutline: Sendable, Hashable {
    /// Boxes in the order of their levels.
    package private(set) var boxes: [Box] = []
    package private(set) var lines: [Line] = []
    /// Whether boxes stand for many tests each, because there are too many to show.
    package private(set) var isSummary = false
    /// The tests of the longest way, first to last.
    package private(set) var criticalPath: [Box] = []
    /// What no plan can be faster than, because of the longest way.
    package private(set) var longest: Duration = .zero

    /// A unit, many units, or a place where many lines meet.
    package struct Box: Sendable, Hashable {
        package var name: String
        /// From 0.
        package var level: Int
        /// How many units it stands for; 0 = a place where lines meet.
        package var units: Int
        package var duration: Duration
        /// Whether the longest way leads through it.
        package var isCritical: Bool
    }

    /// From what comes first to what waits for it; both are positions of boxes.
    package struct Line: Sendable, Hashable {
        package var from: Int
        package var to: Int
        /// Whether it matters how the first ended.
        package var needsPass: Bool
    }

    /// A picture of more boxes is none.
    package static let mostBoxes = 500

    package init(of request: PlanRequest) {
        let graph = request.dependencies
        guard !graph.isEmpty else { return }
        let order = DependencyOrder(of: request)
        let path = order.criticalPath()
        let critical = Set(path)
        let units = graph.vertices.indices.map { vertex in
            Box(
                name: graph.vertices[vertex].unit.rawValue, level: Int(order.levels[vertex]), units: 1,
                duration: request.duration(of: graph.vertices[vertex]), isCritical: critical.contains(vertex))
        }
        criticalPath = path.map { units[$0] }
        longest = order.longest
        isSummary = units.count > Self.mostBoxes
        var merging = Merging(graph, units)
        if isSummary {
            merging.merge { "\(request.suites[Int(graph.vertices[$0].suite)].name), level \(units[$0].level + 1)" }
            if merging.boxes.count > Self.mostBoxes {
                merging.merge { request.suites[Int(graph.vertices[$0].suite)].name.rawValue }
            }
        }
        merging.sort()
        merging.connect()
        boxes = merging.boxes
        lines = merging.lines
    }
}

/// The work of drawing fewer boxes than there are units.
private struct Merging {
    private let graph: DependencyGraph
    private let units: [GraphOutline.Box]
    private(set) var boxes: [GraphOutline.Box]
    private(set) var lines: [GraphOutline.Line] = []
    /// The box of each vertex.
    private var places: [Int]

    init(_ graph: DependencyGraph, _ units: [GraphOutline.Box]) {
        self.graph = graph
        self.units = units
        boxes = units
        places = Array(units.indices)
    }

    /// One box for all units of the same name.
    mutating func merge(_ name: (Int) -> String) {
        var known: [String: Int] = [:]
        boxes = []
        for vertex in units.indices {
            let name = name(vertex)
            guard let place = known[name] else {
                known[name] = boxes.count
                places[vertex] = boxes.count
                var box = units[vertex]
                box.name = name
                boxes.append(box)
                continue
            }
            places[vertex] = place
            boxes[place].units += 1
            boxes[place].duration += units[vertex].duration
            boxes[place].level = min(boxes[place].level, units[vertex].level)
            boxes[place].isCritical = boxes[place].isCritical || units[vertex].isCritical
        }
    }

    /// By level, then as they were listed.
    mutating func sort() {
        let turns = boxes.indices.sorted { (boxes[$0].level, $0) < (boxes[$1].level, $1) }
        var moved = [Int](repeating: 0, count: boxes.count)
        for (to, from) in turns.enumerated() { moved[from] = to }
        boxes = turns.map { boxes[$0] }
        places = places.map { moved[$0] }
    }

    /// Many to many goes through a place where the lines meet.
    mutating func connect() {
        var seen: Set<GraphOutline.Line> = []
        for gate in graph.gates {
            let inputs = Set(gate.inputs.map { places[Int($0)] }).sorted()
            let waiting = Set(gate.waiting.map { places[Int($0)] }).sorted()
            let needsPass = gate.kind == .passed || gate.kind == .within
            guard inputs.count > 1, waiting.count > 1, inputs.count * waiting.count > inputs.count + waiting.count
            else {
                for from in inputs {
                    for to in waiting where from != to {
                        add(.init(from: from, to: to, needsPass: needsPass), &seen)
                    }
                }
                continue
            }
            let level = inputs.map { boxes[$0].level }.max() ?? 0
            boxes.append(
                .init(name: gate.title, level: level, units: 0, duration: .zero, isCritical: false))
            let middle = boxes.count - 1
            for from in inputs { add(.init(from: from, to: middle, needsPass: needsPass), &seen) }
            for to in waiting { add(.init(from: middle, to: to, needsPass: needsPass), &seen) }
        }
    }

    private mutating func add(_ line: GraphOutline.Line, _ seen: inout Set<GraphOutline.Line>) {
        if seen.insert(line).inserted { lines.append(line) }
    }
}

extension PlanRequest {
    func duration(of vertex: DependencyGraph.Vertex) -> Duration {
        .microseconds(microseconds(of: vertex))
    }

    func microseconds(of vertex: DependencyGraph.Vertex) -> Int64 {
        suites[Int(vertex.suite)].units[Int(vertex.position)].microseconds
    }
}

extension DependencyOrder {
    /// With the estimates and start costs of a request.
    package init(of request: PlanRequest) {
        let graph = request.dependencies
        let starts = request.suites.map { max(0, $0.startCost.microseconds) }
        self.init(
            graph, durations: graph.vertices.map(request.microseconds),
            starts: graph.vertices.map { starts[Int($0.suite)] })
    }
}
