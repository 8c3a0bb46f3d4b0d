package import CICore

/// The size of what is drawn on.
package struct TerminalSize: Sendable, Hashable {
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}

/// Shows a run while it goes on: events and times in, text to write out.
///
/// `now` is the time since the start of the program's clock and never goes backwards.
package protocol ProgressRenderer: Sendable {
    /// Takes note of an event.
    mutating func handle(_ event: RunEvent, at now: Duration, size: TerminalSize) -> String

    /// Time has passed.
    mutating func tick(at now: Duration, size: TerminalSize) -> String

    /// Puts lines of others between; `text` ends with a line break and is safe to show.
    mutating func interject(_ text: String, at now: Duration, size: TerminalSize) -> String

    /// Clears away what must not stay.
    mutating func finish(size: TerminalSize) -> String
}

/// How progress is to be shown.
package enum ProgressStyle: Sendable, Hashable {
    case live(isColoured: Bool)
    case plain
    case quiet

    /// What fits: live on a terminal that can move its cursor and is not the log of a CI service.
    package static func choose(isTerminal: Bool, isQuiet: Bool, environment: [String: String]) -> ProgressStyle {
        func has(_ name: String) -> Bool { !(environment[name] ?? "").isEmpty }
        if isQuiet { return .quiet }
        let isCI = has("CI") && environment["CI"] != "false" && environment["CI"] != "0"
        guard isTerminal, !isCI, has("TERM"), environment["TERM"] != "dumb" else { return .plain }
        return .live(isColoured: !has("NO_COLOR"))
    }

    /// A renderer in this style.
    package var renderer: any ProgressRenderer {
        switch self {
        case .live(let isColoured): LiveDisplay(isColoured: isColoured)
        case .plain: PlainProgress()
        case .quiet: QuietProgress()
        }
    }
}
