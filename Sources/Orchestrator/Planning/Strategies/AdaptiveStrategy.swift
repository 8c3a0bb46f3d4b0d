/// Begins as `max-parallel` and turns to another strategy when the run gives evidence for it.
struct AdaptiveStrategy: SchedulingStrategy {
    let name = "adaptive"
    let wantsRisks = true
    let purpose =
        "Begins as max-parallel; turns to deadline when the time gets short, and to historical when many fail."
    let isSteady = false

    /// Ended batches that a switch rests on at the least.
    private static let fewest = 4

    func rank(of batch: WaitingBatch, in situation: RunSituation) -> Double {
        choice(in: situation).strategy.rank(of: batch, in: situation)
    }

    func remark(in situation: RunSituation) -> String? {
        let choice = choice(in: situation)
        // That the time gets short is said of the deadline itself.
        return choice.strategy is HistoricalStrategy ? "goes on as \(choice.strategy.name): \(choice.reason)" : nil
    }

    /// What it acts as, and why.
    func choice(in situation: RunSituation) -> (strategy: any SchedulingStrategy, reason: String) {
        let past = situation.past
        if let deadline = situation.deadline, situation.predictedEnd > deadline {
            return (DeadlineStrategy(), "the rest will not be done before the deadline")
        }
        if past.batches >= Self.fewest, past.failures * 4 >= past.batches {
            return (HistoricalStrategy(), "\(past.failures) of \(past.batches) batches failed")
        }
        return (MaxParallelStrategy(), "nothing speaks against the earliest end")
    }
}
