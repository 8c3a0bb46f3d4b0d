package import CICore

/// Which units of a run wait for which: units, and the gates that they wait at.
///
/// A gate opens when all units before it are done, so that "every test of one suite after every test of another" takes
/// one gate and no million of pairs. Empty where nothing waits.
package struct DependencyGraph: Sendable, Hashable {
    /// The units that wait, are waited for, or are bonded to such, in the order of the request.
    package private(set) var vertices: [Vertex]
    package private(set) var gates: [Gate]

    /// Nothing waits.
    package static let none = DependencyGraph(vertices: [], gates: [])

    package init(vertices: [Vertex], gates: [Gate]) {
        self.vertices = vertices
        self.gates = gates
    }

    package var isEmpty: Bool { vertices.isEmpty }

    /// A unit by its place in the request.
    package struct Vertex: Sendable, Hashable {
        package var unit: UnitID
        /// Position of its suite.
        package var suite: Int32
        /// Position in its suite's listing.
        package var position: Int32
        /// Units of a suite with the same bond are one batch.
        package var bond: String?

        package init(unit: UnitID, suite: Int32, position: Int32, bond: String? = nil) {
            self.unit = unit
            self.suite = suite
            self.position = position
            self.bond = bond
        }
    }

    /// What some units wait for; numbers are positions of vertices, ascending.
    package struct Gate: Sendable, Hashable {
        package var kind: Kind
        /// What they wait for, in the user's words.
        package var title: String
        package var inputs: [Int32]
        package var waiting: [Int32]

        package init(_ kind: Kind, title: String, inputs: [Int32], waiting: [Int32]) {
            self.kind = kind
            self.title = title
            self.inputs = inputs
            self.waiting = waiting
        }
    }

    /// When a gate opens.
    package enum Kind: Sendable, Hashable {
        /// When all before it passed; otherwise who waits is left out.
        case passed
        /// When all before it ended, however they did.
        case ended
        /// Who waits is left out if none before it ever began.
        case began
        /// The runner itself keeps this order, within one batch.
        case within
    }

    /// The graph with its vertices at other places; those without a place are gone.
    func moved(to place: (Vertex) -> Int32?) -> DependencyGraph {
        var numbers: [Int32?] = []
        var kept: [Vertex] = []
        for vertex in vertices {
            let position = place(vertex)
            numbers.append(position == nil ? nil : Int32(kept.count))
            guard let position else { continue }
            kept.append(vertex)
            kept[kept.count - 1].position = position
        }
        let left = gates.map { gate in
            var gate = gate
            gate.inputs = gate.inputs.compactMap { numbers[Int($0)] }
            gate.waiting = gate.waiting.compactMap { numbers[Int($0)] }
            return gate
        }
        return DependencyGraph(vertices: kept, gates: left.filter { !$0.inputs.isEmpty && !$0.waiting.isEmpty })
    }

    /// The gates that each vertex waits at, by vertex.
    func gatesBefore() -> Adjacency { Adjacency(count: vertices.count, gates.lazy.map(\.waiting)) }

    /// The gates that wait for each vertex, by vertex.
    func gatesBehind() -> Adjacency { Adjacency(count: vertices.count, gates.lazy.map(\.inputs)) }
}

/// For each of many numbers the lists that it stands in, as two arrays.
struct Adjacency {
    private var bounds: [Int32]
    private var lists: [Int32]

    /// - Parameters:
    ///   - count: of the numbers.
    ///   - members: the numbers in each list.
    init(count: Int, _ members: some Collection<[Int32]>) {
        bounds = [Int32](repeating: 0, count: count + 1)
        for list in members {
            for member in list { bounds[Int(member) + 1] += 1 }
        }
        for index in 0..<count { bounds[index + 1] += bounds[index] }
        lists = [Int32](repeating: 0, count: Int(bounds[count]))
        var next = bounds
        for (index, list) in members.enumerated() {
            for member in list {
                lists[Int(next[Int(member)])] = Int32(index)
                next[Int(member)] += 1
            }
        }
    }

    /// The lists that a number stands in.
    subscript(number: Int) -> ArraySlice<Int32> { lists[Int(bounds[number])..<Int(bounds[number + 1])] }
}
