package import CICore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Shows a run's progress on a file descriptor, usually standard error, and writes its events.
package final class RunProgress: Sendable {
    private struct State {
        var renderer: any ProgressRenderer
        var output: PatientOutput
    }

    private let descriptor: Int32
    private let events: EventsFile?
    private let start = ContinuousClock.now
    private let state: Mutex<State>

    /// Draws on the descriptor, which stays open.
    package init(_ style: ProgressStyle, descriptor: Int32 = STDERR_FILENO, events: EventsFile? = nil) {
        self.descriptor = descriptor
        self.events = events
        state = Mutex(State(renderer: style.renderer, output: PatientOutput(descriptor)))
    }

    /// Whether there is somebody to look at it.
    package static func isTerminal(_ descriptor: Int32 = STDERR_FILENO) -> Bool { isatty(descriptor) == 1 }

    /// Takes note of an event; from any thread.
    package func handle(_ event: RunEvent) {
        let failure = events?.write(event)
        draw { renderer, now, size in
            let text = renderer.handle(event, at: now, size: size)
            guard let failure else { return text }
            return text + renderer.interject("warning: \(failure); the events end here\n", at: now, size: size)
        }
    }

    /// Writes lines between; they must be safe to show and end with a line break.
    package func interject(_ text: String) { draw { $0.interject(text, at: $1, size: $2) } }

    /// Keeps elapsed times moving until the task is cancelled; to be run beside the run itself.
    package func keepMoving() async {
        while !Task.isCancelled {
            draw { $0.tick(at: $1, size: $2) }
            // Cancellation is the way out of the loop.
            try? await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Clears the display away and gives the cursor back; before the summary, and before any other end.
    package func finish() {
        draw { renderer, _, size in renderer.finish(size: size) }
        state.withLock { $0.output.flush(waiting: .seconds(2)) }
    }

    private func draw(_ body: (inout any ProgressRenderer, Duration, TerminalSize) -> String) {
        state.withLock { state in
            let text = body(&state.renderer, ContinuousClock.now - start, size)
            state.output.write(text)
        }
    }

    /// As the terminal says; else what every terminal has.
    private var size: TerminalSize {
        var window = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
            return TerminalSize(columns: 80, rows: 24)
        }
        return TerminalSize(columns: Int(window.ws_col), rows: Int(window.ws_row))
    }
}
