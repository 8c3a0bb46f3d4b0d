/// Every slot is at work all the time, and what takes longest begins first.
///
/// Longest processing time first (R. L. Graham, "Bounds on multiprocessing timing anomalies", 1969), as a queue.
struct MaxParallelStrategy: SchedulingStrategy {
    let name = "max-parallel"
    let followsPlan = true
    let purpose = "Every slot at work and what takes longest first: the earliest end."

    func rank(of batch: WaitingBatch, in situation: RunSituation) -> Double { -batch.estimate }
}
