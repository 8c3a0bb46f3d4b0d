import CICore

/// Finds how many nodes a run should have: the fewest that come to the target, else the count beyond which more gain
/// nothing.
///
/// Doubles until the target is met or nothing more is gained, then halves what is between: about 2 log₂(n) plans.
package struct NodeCountSearch: Sendable {
    /// Below that share of the wall time a gain is none.
    private static let least = 0.01
    package let target: Duration
    package let mostNodes: Int

    package init(target: Duration, mostNodes: Int) {
        self.target = target
        self.mostNodes = max(1, mostNodes)
    }

    /// Asks for the forecasts that it needs, each once.
    package func decide(
        _ forecast: (Int) async throws -> FanOutForecast
    ) async rethrows -> FanOutDecision {
        var tried = [try await forecast(1)]
        while !isEnough(tried[tried.count - 1]), tried[tried.count - 1].nodes < mostNodes {
            let last = tried[tried.count - 1]
            let next = try await forecast(min(last.nodes * 2, mostNodes))
            tried.append(next)
            if last.isPossible, next.wall > last.wall * (1 - Self.least) { break }
        }
        let last = tried[tried.count - 1]
        let meets = isEnough(last)
        let best = tried.filter(\.isPossible).map(\.wall).min() ?? .zero
        let limit = meets ? target : best * (1 + Self.least)
        let isGood = { (forecast: FanOutForecast) in forecast.isPossible && forecast.wall <= limit }
        guard var chosen = tried.first(where: isGood) else {
            return FanOutDecision(chosen: last, tried: tried, target: target, reason: .impossible)
        }
        var tooFew = tried.last { $0.nodes < chosen.nodes }?.nodes ?? 0
        while chosen.nodes - tooFew > 1 {
            let middle = try await forecast((tooFew + chosen.nodes) / 2)
            tried.append(middle)
            if isGood(middle) { chosen = middle } else { tooFew = middle.nodes }
        }
        return FanOutDecision(
            chosen: chosen, tried: tried.sorted { $0.nodes < $1.nodes }, target: target,
            reason: meets ? .target : chosen.nodes == mostNodes ? .limit : .noGain)
    }

    private func isEnough(_ forecast: FanOutForecast) -> Bool { forecast.isPossible && forecast.wall <= target }
}

/// How many nodes a run gets, and why.
package struct FanOutDecision: Sendable, Hashable {
    package var chosen: FanOutForecast
    /// All that were looked at, by their number of nodes.
    package var tried: [FanOutForecast]
    package let target: Duration
    package let reason: Reason

    /// Why so many.
    package enum Reason: Sendable, Hashable {
        /// The fewest that come to the target.
        case target
        /// None does, and more would end no earlier.
        case noGain
        /// None does, and there are no more.
        case limit
        /// Something can run on none of them.
        case impossible
    }

    /// One line each, for people.
    package func lines(currency: String) -> [String] {
        let wall = DurationText.short(chosen.wall)
        let goal = DurationText.short(target)
        let count = counted(chosen.nodes, "node")
        let head =
            switch reason {
            case .target: "\(count), the fewest that come to the target of \(goal): \(wall) with their start"
            case .noGain: "\(count): the target of \(goal) is out of reach, and more nodes end no earlier than \(wall)"
            case .limit: "\(count), all there are: \(wall) with their start, and the target is \(goal)"
            case .impossible: "\(count), and some tests can run on none of them"
            }
        return [head] + tried.map { $0.line(currency: currency, isChosen: $0.nodes == chosen.nodes) }
    }
}

extension FanOutForecast {
    /// One line, for people.
    package func line(currency: String, isChosen: Bool = false) -> String {
        let money = price.map { ", \(DurationText.decimal($0, places: 2)) \(SafeText.line(currency, limit: 20))" } ?? ""
        let minutes = DurationText.decimal(machineTime / .seconds(60), places: 1)
        return "  \(counted(nodes, "node")): \(DurationText.short(wall)), \(minutes) minutes of machines\(money)"
            + (isPossible ? "" : ", and some tests have no machine") + (isChosen ? "  ← chosen" : "")
    }
}
