import CICore

/// Why a plan is not carried out: no node has what some of its units need.
package struct UnsatisfiablePlan: Error, Sendable, Hashable, CustomStringConvertible {
    private let count: Int
    private let groups: [Group]

    /// Units that want the same.
    private struct Group: Sendable, Hashable {
        var requirement: String
        var reason: String
        var units: [UnitID]
    }

    /// So many units are named of each requirement.
    private static let mostNames = 3

    /// `nil` where every unit has a node.
    package init?(of plan: Plan) {
        guard !plan.unsatisfiable.isEmpty else { return nil }
        count = plan.unsatisfiable.count
        var groups: [Group] = []
        var places: [String: Int] = [:]
        for unit in plan.unsatisfiable {
            let place = places[unit.requirement] ?? groups.count
            if place == groups.count {
                groups.append(Group(requirement: unit.requirement, reason: unit.reason, units: []))
                places[unit.requirement] = place
            }
            groups[place].units.append(unit.unit)
        }
        self.groups = groups
    }

    /// A line for each requirement, with its first units and the nearest node; safe to show.
    package var lines: [String] {
        groups.map { group in
            let names = group.units.prefix(Self.mostNames).map(\.rawValue).joined(separator: ", ")
            let rest = group.units.count - Self.mostNames
            return SafeText.line(
                "cannot run: \(names)\(rest > 0 ? " and \(rest) more" : "") "
                    + "need\(group.units.count == 1 ? "s" : "") \(group.requirement): \(group.reason)", limit: 1000)
        }
    }

    /// In one clause.
    package var headline: String { "no node has what \(Count.of(count, "unit")) \(count == 1 ? "needs" : "need")" }

    package var description: String {
        "\(headline), so nothing is started\n"
            + lines.map { "  \($0)\n" }.joined()
            + "  run it where there is such a node, or leave the tests out with --suite, --only or exclude:"
    }
}
