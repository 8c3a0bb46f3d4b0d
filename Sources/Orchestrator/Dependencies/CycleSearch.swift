/// Finds what waits for itself.
enum CycleSearch {
    /// One way round for each knot of nodes that wait for each other: the first node stands at both ends.
    ///
    /// Depth first with a stack of its own, so that a million nodes in a row are no matter.
    ///
    /// - Parameters:
    ///   - count: of the nodes.
    ///   - successors: what a node waits for.
    /// - Returns: the nodes of each way in its order.
    static func cycles(_ count: Int, _ successors: (Int) -> [Int32]) -> [[Int]] {
        var state = [UInt8](repeating: 0, count: count)
        var cycles: [[Int]] = []
        for start in 0..<count where state[start] == 0 {
            var path: [(node: Int, next: [Int32], at: Int)] = [(start, successors(start), 0)]
            state[start] = 1
            while let top = path.last {
                guard top.at < top.next.count else {
                    state[top.node] = 2
                    path.removeLast()
                    continue
                }
                path[path.count - 1].at += 1
                let next = Int(top.next[top.at])
                switch state[next] {
                case 0:
                    state[next] = 1
                    path.append((next, successors(next), 0))
                case 1:
                    let from = path.lastIndex { $0.node == next } ?? 0
                    cycles.append(path[from...].map(\.node) + [next])
                    // One path tells the whole knot.
                    for step in path { state[step.node] = 2 }
                    path = []
                default: break
                }
            }
        }
        return cycles
    }
}
