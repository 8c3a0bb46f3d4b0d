import ArgumentParser
import Simulator

/// `i/N` of the command line.
struct SimulatedNode: ExpressibleByArgument {
    let node: Scenario.Node

    /// Reads a 0-based index below a total; `nil` for anything else.
    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let index = parts[0], let total = parts[1], index >= 0, index < total, total <= 100_000
        else { return nil }
        node = Scenario.Node(index: index, total: total)
    }
}

/// A `--fault` of the command line.
struct FaultArgument: ExpressibleByArgument {
    let fault: Fault

    /// Reads `KIND[=COUNT][:PATTERN]`.
    init?(argument: String) {
        guard let fault = Fault(argument) else { return nil }
        self.fault = fault
    }
}

/// An `--event` of the command line.
struct EventArgument: ExpressibleByArgument {
    let event: Scenario.Event

    init(_ event: Scenario.Event) { self.event = event }

    /// Reads an event's word.
    init?(argument: String) {
        guard let event = Scenario.Event(rawValue: argument) else { return nil }
        self.event = event
    }

    /// What help lists.
    static let allValueStrings = Scenario.Event.allCases.map(\.rawValue)

    var defaultValueDescription: String { event.rawValue }
}
