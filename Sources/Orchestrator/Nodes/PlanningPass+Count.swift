import CICore

extension PlanningPass {
    /// A run over as many nodes of the fleet as the search decides, and the decision.
    ///
    /// What is cut depends on the number of slots: while searching, what was cut for more stays cut for fewer, and at
    /// the end the listing is cut anew for the number that was chosen, as every node does it for itself.
    ///
    /// - Throws: as `prepare(for:)`.
    package func prepare(
        _ search: NodeCountSearch, over fleet: NodeFleet, on target: PlanningTarget
    ) async throws -> (run: PreparedRun, decision: FanOutDecision) {
        let listing = try await list(for: target)
        var finest = listing
        var decision = try await search.decide { count in
            let run = try await prepare(finest, for: target.over(fleet.shapes(count)))
            finest.suites = run.suites
            return fleet.forecast(of: Planner.plan(run.request))
        }
        var count = decision.chosen.nodes
        while true {
            let run = try await prepare(listing, for: target.over(fleet.shapes(count)))
            let forecast = fleet.forecast(of: Planner.plan(run.request))
            guard decision.reason == .target, forecast.wall > search.target, count < search.mostNodes,
                count < decision.chosen.nodes + Self.mostCorrections
            else {
                decision.replace(with: forecast)
                return (run, decision)
            }
            // Coarser pieces than those of the search may not fit as well.
            count += 1
        }
    }

    private static var mostCorrections: Int { 3 }
}

extension PlanningTarget {
    /// The same for other nodes.
    fileprivate func over(_ nodes: [NodeShape]) -> PlanningTarget {
        var target = self
        target.nodes = nodes
        return target
    }
}

extension FanOutDecision {
    /// What was planned in the end.
    fileprivate mutating func replace(with forecast: FanOutForecast) {
        chosen = forecast
        tried = (tried.filter { $0.nodes != forecast.nodes } + [forecast]).sorted { $0.nodes < $1.nodes }
    }
}
