/// Every party is served alike: whoever got the least time so far, for its share, is next.
///
/// Fair queueing by served time (A. Demers, S. Keshav and S. Shenker, 1989), without preemption.
struct FairStrategy: SchedulingStrategy {
    let name = "fair"
    let purpose = "Each suite gets its share of the slots from the beginning on: no suite waits for a long one."
    let isSteady = false
    /// The weight of each party; 1 for those that have none.
    var shares: [String: Double] = [:]

    func rank(of batch: WaitingBatch, in situation: RunSituation) -> Double {
        (situation.past.served[batch.party] ?? 0) / (shares[batch.party] ?? 1)
    }
}
