package import CICore

import struct FoundationEssentials.Data
import class FoundationEssentials.JSONDecoder

/// A JSON map from test to seconds, such as pytest-split's `.test_durations`.
///
/// Lets a split be planned, tried out and compared without the tests themselves. A test that waits for others has an
/// object in place of the number: `{"seconds": 1.5, "after": ["another test"]}`.
package enum TimingsFile {
    /// The tests as units of one suite, in the order of their names.
    package static func units(
        from bytes: [UInt8], suite: SuiteName
    ) throws(PlanFormatError) -> [EstimatedUnit] {
        try share(from: bytes, suite: suite).units
    }

    /// The tests as units of one suite, in the order of their names, and who waits for whom.
    package static func share(
        from bytes: [UInt8], suite: SuiteName
    ) throws(PlanFormatError) -> (units: [EstimatedUnit], dependencies: DependencyGraph) {
        let (seconds, after) = try entries(in: bytes)
        let names = Array(seconds.keys)
        var units: [EstimatedUnit] = []
        units.reserveCapacity(names.count)
        for position in ByteOrder.ranking(of: names) {
            let name = names[Int(position)]
            guard let value = seconds[name], value.isFinite, value >= 0, value < 3.2e9 else {
                throw PlanFormatError(
                    .malformed, "the timing of \(SafeText.line(name, limit: 200)) is no duration in seconds")
            }
            let duration = Duration.microseconds(Int64((value * 1_000_000).rounded()))
            units.append(
                EstimatedUnit(
                    id: UnitID(suite: suite, selector: name),
                    estimate: Estimate(duration, basis: .history(samples: 3))))
        }
        return (units, try graph(of: units, after: after, suite: suite))
    }

    private typealias Entries = (seconds: [String: Double], after: [String: [String]])

    private static func entries(in bytes: [UInt8]) throws(PlanFormatError) -> Entries {
        // The plain form is the common one, and may be large.
        if let seconds = try? JSONDecoder().decode([String: Double].self, from: Data(bytes)) { return (seconds, [:]) }
        do {
            let entries = try JSONDecoder().decode([String: Entry].self, from: Data(bytes))
            return (entries.mapValues(\.seconds), entries.compactMapValues(\.after))
        } catch {
            throw PlanFormatError(
                .malformed,
                "the timings are no JSON map of test to seconds: \(JSONTrouble.description(of: error))")
        }
    }

    private static func graph(
        of units: [EstimatedUnit], after: [String: [String]], suite: SuiteName
    ) throws(PlanFormatError) -> DependencyGraph {
        guard !after.isEmpty else { return .none }
        var draft = GateDraft(count: units.count)
        let places = Dictionary(uniqueKeysWithValues: units.enumerated().map { ($1.id, Int32($0)) })
        for (name, others) in after.sorted(by: { $0.key < $1.key }) {
            var inputs: Set<Int32> = []
            for other in others {
                guard let place = places[UnitID(suite: suite, selector: other)] else {
                    throw PlanFormatError(
                        .malformed,
                        "\(SafeText.line(name, limit: 200)) waits for \(SafeText.line(other, limit: 200)), "
                            + "which has no timing")
                }
                inputs.insert(place)
            }
            guard let waiting = places[UnitID(suite: suite, selector: name)] else { continue }
            draft.add(
                .passed, title: others.joined(separator: ", "), inputs: inputs.sorted(), waiting: [waiting])
        }
        let graph = draft.graph { units[$0].id }
        if let circle = DependencyOrder.cycles(of: graph).first { throw PlanFormatError(.malformed, circle) }
        return graph
    }

    /// A number of seconds, or an object with it.
    private struct Entry: Decodable {
        var seconds: Double
        var after: [String]?

        private enum Key: CodingKey {
            case seconds, after
        }

        init(from decoder: any Decoder) throws {
            if let value = try? decoder.singleValueContainer().decode(Double.self) {
                seconds = value
                return
            }
            let values = try decoder.container(keyedBy: Key.self)
            seconds = try values.decode(Double.self, forKey: .seconds)
            after = try values.decodeIfPresent([String].self, forKey: .after)
        }
    }
}
