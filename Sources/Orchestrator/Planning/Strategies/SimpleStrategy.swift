/// One batch at a time, in the order of the listing.
struct SimpleStrategy: SchedulingStrategy {
    let name = "simple"
    let followsPlan = true
    let purpose = "One batch at a time, as the suites and their runners list them: to see what happens in which order."

    let order = RunSettings.Order.listed

    func slots(of available: Int) -> Int { 1 }

    func rank(of batch: WaitingBatch, in situation: RunSituation) -> Double { Double(batch.place) }
}
