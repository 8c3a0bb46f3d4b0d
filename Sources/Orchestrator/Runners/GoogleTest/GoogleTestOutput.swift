import Artifacts
import CICore

/// What a GoogleTest program says while it runs; its XML comes only at the end.
struct GoogleTestOutput {
    /// The results of each program that was started, in order.
    private(set) var programs: [Program] = []

    /// One start.
    struct Program {
        var finished: [ReportedTest] = []
        var running: String?
        fileprivate var words: [Substring] = []
    }

    init(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { take(line) }
    }

    private mutating func take(_ line: Substring) {
        if line.hasPrefix("[==========] Running ") { return programs.append(Program()) }
        guard !programs.isEmpty else { return }
        let index = programs.count - 1
        if let name = Self.name(after: "[ RUN      ] ", in: line) {
            programs[index].running = name
            programs[index].words = []
        } else if let running = programs[index].running, let end = Self.end(of: running, in: line) {
            programs[index].finished.append(Self.test(running, end, words: programs[index].words))
            programs[index].running = nil
        } else if programs[index].words.count < 200 {
            programs[index].words.append(line)
        }
    }

    private static func name(after mark: String, in line: Substring) -> String? {
        // A test that prints without a line break has its end in the middle of a line.
        guard let start = line.firstRange(of: mark) else { return nil }
        return String(line[start.upperBound...])
    }

    private static func end(of running: String, in line: Substring) -> Attempt? {
        for (mark, outcome) in [
            ("[       OK ] ", Outcome.passed), ("[  FAILED  ] ", .failed), ("[  SKIPPED ] ", .skipped),
        ] {
            guard let rest = name(after: mark, in: line),
                rest == running || rest.hasPrefix(running + " (")
                    || rest.hasPrefix(running + ", where ")
            else { continue }
            let milliseconds = rest.split(separator: "(").last.flatMap { Int64($0.prefix { $0.isNumber }) }
            return Attempt(outcome: outcome, duration: .milliseconds(min(milliseconds ?? 0, 1_000_000_000)))
        }
        return nil
    }

    private static func test(_ name: String, _ end: Attempt, words: [Substring]) -> ReportedTest {
        var attempt = end
        if end.outcome != .passed {
            attempt.reason = .init(
                message: words.first.map(String.init), details: words.joined(separator: "\n"))
        }
        let dot = name.firstIndex(of: ".") ?? name.startIndex
        return ReportedTest(
            suitePath: [String(name[..<dot])], className: String(name[..<dot]), name: String(name[dot...].dropFirst()),
            attempts: [attempt])
    }
}
