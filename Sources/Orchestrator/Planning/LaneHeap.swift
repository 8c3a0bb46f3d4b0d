/// The lanes of a schedule by load: the least loaded one is always at hand.
///
/// A binary heap of its own, because the load of the top grows in place, which a general heap does by removing and
/// inserting. Equal loads are served by lane number.
struct LaneHeap {
    private var loads: [Int64]
    private var lanes: [Int32]

    /// The loads of lane 0, 1, …; at least one.
    init(loads initial: [Int64]) {
        let order = initial.indices.sorted { (initial[$0], $0) < (initial[$1], $1) }
        loads = order.map { initial[$0] }
        lanes = order.map { Int32($0) }
    }

    /// The smallest load.
    var least: Int64 { loads[0] }

    /// Adds work to the least loaded lane and returns that lane.
    mutating func add(_ work: Int64) -> Int32 {
        let lane = lanes[0]
        let load = loads[0] + work
        sink(load, lane)
        return lane
    }

    /// Lets the least loaded lane wait until a time.
    mutating func wait(until time: Int64) { sink(time, lanes[0]) }

    private mutating func sink(_ load: Int64, _ lane: Int32) {
        loads.withUnsafeMutableBufferPointer { loads in
            lanes.withUnsafeMutableBufferPointer { lanes in
                let count = loads.count
                var hole = 0
                while true {
                    var child = 2 * hole + 1
                    guard child < count else { break }
                    if child + 1 < count, (loads[child + 1], lanes[child + 1]) < (loads[child], lanes[child]) {
                        child += 1
                    }
                    guard (loads[child], lanes[child]) < (load, lane) else { break }
                    loads[hole] = loads[child]
                    lanes[hole] = lanes[child]
                    hole = child
                }
                loads[hole] = load
                lanes[hole] = lane
            }
        }
    }
}
