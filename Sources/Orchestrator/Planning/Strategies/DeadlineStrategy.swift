/// Longest first while everything fits before the deadline; else as many verdicts as fit, the telling ones first.
struct DeadlineStrategy: SchedulingStrategy {
    let name = "deadline"
    let wantsRisks = true
    let purpose = "As much as possible before the deadline: what is likely to fail first, what cannot end in time last."
    let isSteady = false

    func rank(of batch: WaitingBatch, in situation: RunSituation) -> Double {
        guard let deadline = situation.deadline, situation.predictedEnd > deadline else { return -batch.estimate }
        let left = deadline - situation.elapsed
        // What cannot end in time keeps no slot from what can.
        guard batch.estimate <= left else { return batch.estimate }
        // The nearer the deadline, the more a likely failure counts against a mere verdict.
        let pressure = min((situation.predictedEnd - deadline) / max(left, 1e-6), 10)
        return -(1 + 20 * pressure * batch.risk) / batch.estimate
    }
}
