import CICore

/// Whether a plan will be done before a deadline, and what speaks against it.
package struct DeadlineForecast: Sendable {
    private let plan: Plan
    private let deadline: Duration

    package init(of plan: Plan, deadline: Duration) {
        self.plan = plan
        self.deadline = deadline
    }

    /// Whether it will, if every estimate holds.
    package var isFeasible: Bool { plan.makespan <= deadline }

    /// As a sentence for people.
    package var sentence: String {
        let expected = "\(DurationText.short(plan.makespan)) expected"
        guard !isFeasible else { return "the deadline of \(DurationText.short(deadline)) will be met: \(expected)" }
        let slots = plan.nodes.reduce(0) { $0 + $1.slots }
        let batches = plan.nodes.flatMap(\.batches)
        let work = batches.reduce(Duration.zero) { $0 + $1.estimate }
        let beyond = work - deadline * slots
        var text =
            "the deadline of \(DurationText.short(deadline)) will be missed: \(expected) on \(counted(slots, "slot"))"
        if beyond > .zero { text += "; \(DurationText.short(beyond)) of work will be left then" }
        let long = batches.filter { $0.units.count == 1 && $0.estimate > deadline }
        if let longest = long.max(by: { $0.estimate < $1.estimate }) {
            text +=
                "; \(SafeText.line(longest.units[0].rawValue, limit: 160)) alone takes "
                + DurationText.short(longest.estimate)
        }
        return text
    }
}
