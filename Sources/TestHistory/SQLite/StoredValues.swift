import CICore
import FoundationEssentials

extension Date {
    /// Microseconds since 1970, as the database keeps times.
    var historyMicroseconds: Int64 { Int64((timeIntervalSince1970 * 1e6).rounded()) }

    init(historyMicroseconds: Int64) { self.init(timeIntervalSince1970: Double(historyMicroseconds) / 1e6) }
}

extension Duration {
    /// Microseconds within what the schema allows.
    var historyMicroseconds: Int64 {
        if self >= .seconds(Double(DurationModel.Timing.longest) / 1e6) { return DurationModel.Timing.longest }
        return max(microseconds, 0)
    }
}

extension Outcome {
    /// The number in the database.
    var stored: Int64 {
        switch self {
        case .passed: 0
        case .skipped: 1
        case .failed: 2
        case .errored: 3
        }
    }

    /// The schema lets no other number in.
    init(stored: Int64) {
        self =
            switch stored {
            case 0: .passed
            case 1: .skipped
            case 2: .failed
            default: .errored
            }
    }
}
