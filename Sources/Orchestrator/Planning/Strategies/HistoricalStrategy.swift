/// What is likely to fail, and quickly so, comes first.
///
/// Serving by risk over duration makes the mean time to a failure least (W. E. Smith, "Various optimizers for
/// single-stage production", 1956).
struct HistoricalStrategy: SchedulingStrategy {
    let name = "historical"
    let wantsRisks = true
    let purpose = "What failed in the past first, the quick ones before the slow ones: the earliest bad news."

    let order = RunSettings.Order.failedFirst

    func rank(of batch: WaitingBatch, in situation: RunSituation) -> Double { -batch.risk / batch.estimate }
}
