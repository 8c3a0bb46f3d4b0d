import Synchronization

/// Deals faults out to requests, each as often as it is meant to happen.
final class FaultPlan: Sendable {
    private let faults: [Fault]
    private let hits: Mutex<[Int]>

    init(_ faults: [Fault]) {
        self.faults = faults
        hits = Mutex(faults.map { _ in 0 })
    }

    /// The first fault that this request is due, with how often it happened before.
    func next(for line: String, isWriting: Bool) -> (fault: Fault, before: Int)? {
        hits.withLock { hits in
            for (index, fault) in faults.enumerated() where fault.isFor(line, isWriting: isWriting) {
                guard hits[index] < fault.count ?? .max else { continue }
                hits[index] += 1
                return (fault, hits[index] - 1)
            }
            return nil
        }
    }
}
