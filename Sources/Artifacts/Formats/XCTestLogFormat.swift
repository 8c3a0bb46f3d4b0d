import CICore

extension ReportFormat {
    /// What XCTest prints while it runs, on Linux and on macOS; SwiftPM's XML of it calls skipped tests passed.
    package static let xctestLog = ReportFormat(
        "xctest-log", title: "XCTest log",
        .lines(
            LineGrammar(
                recognises: { line in
                    line.withUnsafeBufferPointer { bytes in
                        bytes.hasPrefix("Test Case '")
                            && ByteSearch.first("' started", in: bytes, from: 0) != nil
                    }
                },
                dialect: { XCTestLogDialect(sink: $0) })))
}

/// `Test Case 'Class.test' started …`, its issues, then `passed`, `failed` or `skipped` with the seconds.
final class XCTestLogDialect: LineDialect {
    private let sink: ReportSink
    private var running: Running?

    private struct Running {
        var className: String
        var name: String
        var message: String?
        var location: SourceLocation?
        var output: BoundedText
    }

    init(sink: ReportSink) { self.sink = sink }

    func line(_ bytes: UnsafeBufferPointer<UInt8>) {
        // A test that prints without a line break has its end in the middle of a line.
        if let start = ByteSearch.first("Test Case '", in: bytes, from: 0),
            take(String(decoding: bytes[(start + 11)...], as: UTF8.self))
        {
            return
        }
        guard running != nil, !bytes.isEmpty else { return }
        keep(String(decoding: bytes, as: UTF8.self))
    }

    func finish() {
        guard let last = running else { return }
        sink.warn("truncated: the run ended within a test")
        end(
            Attempt(
                outcome: .errored,
                reason: .init(message: "the run ended within this test", details: text(of: last))),
            isUnfinished: true)
    }

    /// `Class.test' failed (0.001 seconds)`; whether it was one of these lines.
    private func take(_ rest: String) -> Bool {
        guard let quote = rest.firstRange(of: "' ") else { return false }
        let tail = rest[quote.upperBound...]
        if tail.hasPrefix("started") {
            if running != nil { finish() }
            let (className, name) = Self.names(rest[..<quote.lowerBound])
            running = Running(className: className, name: name, output: BoundedText(limit: sink.limits.text))
            return true
        }
        guard let running else { return false }
        let words = tail.split(separator: " ")
        guard let word = words.first, let outcome = Self.outcome(of: word) else { return false }
        let seconds = words.dropFirst().first.flatMap { Double($0.dropFirst()) } ?? 0
        let reason =
            outcome == .passed ? nil : Attempt.Reason(message: running.message, details: text(of: running))
        end(
            Attempt(
                outcome: outcome,
                duration: .nanoseconds(ReportedSeconds.nanoseconds(of: seconds, isWhole: false)), reason: reason,
                output: text(of: running)))
        return true
    }

    private static func outcome(of word: Substring) -> Outcome? {
        switch word {
        case "passed": .passed
        case "failed": .failed
        case "skipped": .skipped
        default: nil
        }
    }

    /// `Class.test` on Linux, `-[Module.Class test]` on macOS.
    private static func names(_ text: Substring) -> (className: String, name: String) {
        if text.hasPrefix("-["), text.hasSuffix("]"), let space = text.lastIndex(of: " ") {
            return (String(text[..<space].dropFirst(2)), String(text[space...].dropFirst().dropLast()))
        }
        guard let dot = text.lastIndex(of: ".") else { return ("", String(text)) }
        return (String(text[..<dot]), String(text[dot...].dropFirst()))
    }

    /// `/a/b.swift:12: error: Class.test : message`, or what the test printed.
    private func keep(_ line: String) {
        running?.output.append(line + "\n")
        guard let current = running, current.message == nil,
            let mark = line.firstRange(of: "\(current.className).\(current.name) : ")
        else { return }
        running?.message = String(line[mark.upperBound...])
        let place = line[..<mark.lowerBound].split(separator: ":")
        guard place.count >= 2, let number = Int(place[1]) else { return }
        running?.location = SourceLocation(file: String(place[0]), line: number)
    }

    private func text(of running: Running) -> String? {
        running.output.isEmpty ? nil : running.output.text
    }

    private func end(_ attempt: Attempt, isUnfinished: Bool = false) {
        guard let last = running else { return }
        running = nil
        let test = ReportedTest(
            suitePath: [last.className], className: last.className, name: last.name, location: last.location,
            attempts: [attempt])
        sink.take(isUnfinished ? test.unfinished() : test)
    }
}
