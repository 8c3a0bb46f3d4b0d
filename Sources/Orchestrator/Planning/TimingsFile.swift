package import CICore

import struct FoundationEssentials.Data
import class FoundationEssentials.JSONDecoder

/// A JSON map from test to seconds, such as pytest-split's `.test_durations`.
///
/// Lets a split be planned, tried out and compared without the tests themselves.
package enum TimingsFile {
    /// The tests as units of one suite, in the order of their names.
    package static func units(
        from bytes: [UInt8], suite: SuiteName
    ) throws(PlanFormatError) -> [EstimatedUnit] {
        let seconds: [String: Double]
        do {
            seconds = try JSONDecoder().decode([String: Double].self, from: Data(bytes))
        } catch {
            throw PlanFormatError(
                .malformed,
                "the timings are no JSON map of test to seconds: \(JSONTrouble.description(of: error))")
        }
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
        return units
    }
}
