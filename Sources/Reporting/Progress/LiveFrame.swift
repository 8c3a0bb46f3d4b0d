import CICore

/// The lines of the live display at one moment.
struct LiveFrame {
    let state: ProgressState
    let now: Duration
    let size: TerminalSize
    let ink: Ink

    /// From top to bottom, none wider than the terminal less one column, without line breaks.
    var lines: [String] { slotLines + [statusLine] }

    /// One column stays free: some terminals wrap as soon as the last one is written.
    private var width: Int { max(1, size.columns - 1) }

    private var slotLines: [String] {
        let slots = state.running.keys.sorted()
        let room = max(0, min(16, size.rows - 3))
        guard slots.count > room else { return slots.map(line) }
        let shown = slots.prefix(max(0, room - 1))
        return shown.map(line) + [
            ink.dim(TerminalText.cut("  and \(slots.count - shown.count) more batches", to: width))
        ]
    }

    private func line(_ slot: Int) -> String {
        guard let batch = state.running[slot] else { return "" }
        let elapsed = now - batch.since
        let isLate = batch.estimate > .zero && elapsed > batch.estimate * 2 && elapsed - batch.estimate > .seconds(5)
        let expected = batch.estimate >= .seconds(1) ? " of ~\(ClockText.text(batch.estimate))" : ""
        let time = ClockText.text(elapsed)
        let number = TerminalText.padded("  \(slot + 1)", to: 4) + " "
        let more = batch.units.count > 1 ? " +\(batch.units.count - 1)" : ""
        let room = width - number.count - more.count - 2 - 7 - 12
        guard room >= 10 else { return TerminalText.cut(number + time + " " + Self.name(batch), to: width) }
        let name = TerminalText.cutMiddle(Self.name(batch), to: min(room, 96))
        let column = min(room, 96) + more.count + 2
        let pad = String(repeating: " ", count: max(1, column - TerminalText.columns(name) - more.count))
        let clock = String(repeating: " ", count: max(0, 7 - time.count)) + time
        return ink.dim(number) + name + ink.dim(more) + pad + (isLate ? ink.yellow(clock) : clock) + ink.dim(expected)
    }

    /// The unit's own name; the suite's stands before it.
    private static func name(_ batch: ProgressState.Running) -> String {
        SafeText.line(batch.units.first?.rawValue ?? batch.suite.rawValue)
    }

    private var statusLine: String {
        var parts: [(plain: String, inked: String)] = []
        func add(_ text: String, _ inked: (String) -> String = { $0 }) { parts.append((text, inked(text))) }
        add("\(state.unitsDone)/\(state.total.units) units")
        if state.tests > 0 { add("\(state.tests) test\(state.tests == 1 ? "" : "s")") }
        if state.failures > 0 { add("\(state.failures) failed", ink.red) }
        if state.flaky > 0 { add("\(state.flaky) flaky", ink.yellow) }
        add(ClockText.text(now))
        if let left = state.timeLeft(at: now), left >= .seconds(1) { add("~\(ClockText.text(left)) left", ink.dim) }
        var used = parts[0].plain.count
        var text = parts[0].inked
        for part in parts.dropFirst() where used + 3 + part.plain.count <= width {
            used += 3 + part.plain.count
            text += ink.dim(" · ") + part.inked
        }
        guard parts[0].plain.count <= width else { return TerminalText.cut(parts[0].plain, to: width) }
        let room = min(30, width - used - 4)
        return room >= 8 ? "  " + bar(room) + "  " + text : text
    }

    private func bar(_ length: Int) -> String {
        let filled = Int((state.fraction(at: now) * Double(length)).rounded(.down))
        let done = String(repeating: "━", count: filled)
        return (state.failures > 0 ? ink.red(done) : ink.green(done))
            + ink.dim(String(repeating: "─", count: length - filled))
    }
}

/// Colours, or none.
struct Ink: Sendable {
    let isColoured: Bool

    /// For what failed.
    func red(_ text: String) -> String { painted(text, "31") }

    /// For what passed.
    func green(_ text: String) -> String { painted(text, "32") }

    /// For what deserves a look.
    func yellow(_ text: String) -> String { painted(text, "33") }

    /// For what steps back.
    func dim(_ text: String) -> String { painted(text, "2") }

    private func painted(_ text: String, _ code: String) -> String {
        isColoured && !text.isEmpty ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }
}
