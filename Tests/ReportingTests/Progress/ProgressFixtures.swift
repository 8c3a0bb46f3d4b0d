import CICore
import FoundationEssentials

@testable import Reporting

/// Events as a run would give them, without their numbers and times.
enum Events {
    static func event(_ kind: RunEvent.Kind, sequence: Int = 0) -> RunEvent {
        RunEvent(at: Date(timeIntervalSince1970: 1_767_225_600.25), sequence: sequence, kind: kind)
    }

    static func started(units: Int = 4, slots: Int = 2, estimate: Duration = .seconds(40)) -> RunEvent {
        event(.runStarted("run-1", units: units, slots: slots, estimate: estimate))
    }

    static func batch(
        _ id: BatchID, slot: Int, _ units: [UnitID], suite: SuiteName = "py", estimate: Duration = .seconds(10)
    ) -> RunEvent {
        event(.batchStarted(id, suite: suite, units: units, slot: slot, estimate: estimate))
    }

    static func done(_ id: BatchID, slot: Int, _ duration: Duration = .seconds(10), problem: String? = nil) -> RunEvent
    {
        event(.batchFinished(id, slot: slot, duration: duration, problem: problem))
    }

    static func test(_ id: TestID, _ outcome: Outcome = .passed, message: String? = nil) -> RunEvent {
        let reason = message.map { Attempt.Reason(type: nil, message: $0) }
        return event(.testFinished(id, Attempt(outcome: outcome, duration: .seconds(1), reason: reason), slot: 0))
    }
}

/// What a terminal shows after some output: rows of text, with the cursor moves that the live display uses.
struct Screen {
    private(set) var rows: [[Character]] = [[]]
    private(set) var isCursorHidden = false
    private var row = 0
    private var column = 0

    /// Without the empty rows at the end.
    var text: String {
        var lines = rows.map { String($0) }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    mutating func show(_ output: String) {
        var rest = Array(output)[...]
        while let character = rest.popFirst() {
            switch character {
            case "\n":
                row += 1
                column = 0
                if row == rows.count { rows.append([]) }
            case "\r": column = 0
            case "\u{1b}": control(&rest)
            default: put(character)
            }
        }
    }

    private mutating func put(_ character: Character) {
        while rows[row].count <= column { rows[row].append(" ") }
        rows[row][column] = character
        column += 1
    }

    private mutating func control(_ rest: inout ArraySlice<Character>) {
        var code = ""
        while let next = rest.popFirst() {
            code.append(next)
            if next.isLetter { break }
        }
        switch code {
        case "[K": rows[row].removeSubrange(min(column, rows[row].count)...)
        case "[J":
            rows[row].removeSubrange(min(column, rows[row].count)...)
            rows.removeSubrange((row + 1)...)
        case "[?25l": isCursorHidden = true
        case "[?25h": isCursorHidden = false
        default: if code.hasSuffix("A") { row -= Int(code.dropFirst().dropLast()) ?? 0 }
        }
    }
}
