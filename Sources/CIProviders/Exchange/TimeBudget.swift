/// The time that all calls together may take: while at least one is under way it runs, in between it stands still, so that
/// a status at the start of a long run leaves the rest to its end.
struct TimeBudget: Sendable, Hashable {
    let limit: Duration
    private var spent: Duration = .zero
    private var calls = 0
    private var since: Duration = .zero

    init(limit: Duration) { self.limit = limit }

    /// What is left at a time, which is counted from any fixed moment.
    func left(at time: Duration) -> Duration { max(.zero, limit - spent - (calls > 0 ? time - since : .zero)) }

    /// A call begins.
    mutating func enter(at time: Duration) {
        if calls == 0 { since = time }
        calls += 1
    }

    /// A call is over.
    mutating func leave(at time: Duration) {
        calls -= 1
        if calls == 0 { spent += time - since }
    }
}
