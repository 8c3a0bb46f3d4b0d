import Artifacts
import CICore

/// What CTest says while it runs; its XML comes only at the end.
struct CTestOutput {
    private(set) var finished: [ReportedTest] = []
    private(set) var running: [String] = []
    private var names: [Int: String] = [:]

    init(_ text: String) {
        for line in text.split(separator: "\n") { take(line) }
        running = names.sorted { $0.key < $1.key }.map(\.value)
    }

    /// `      Start  1: name`, then `1/10 Test  #1: name .....   Passed    0.01 sec`.
    private mutating func take(_ line: Substring) {
        let words = line.drop { $0 == " " }
        if words.hasPrefix("Start "), let (number, name) = Self.numbered(words.dropFirst(6)) {
            names[number] = String(name)
            return
        }
        guard let mark = words.firstRange(of: " Test "), words[..<mark.lowerBound].allSatisfy(Self.isCounter) else {
            return
        }
        let rest = words[mark.upperBound...].drop { $0 == " " }
        guard rest.hasPrefix("#"), let (number, tail) = Self.numbered(rest.dropFirst()),
            let name = names.removeValue(forKey: number), tail.hasPrefix(name)
        else { return }
        finished.append(
            ReportedTest(className: name, name: name, attempts: [Self.attempt(tail.dropFirst(name.count))]))
    }

    private static func isCounter(_ character: Character) -> Bool {
        character.isASCII && character.isNumber || character == "/"
    }

    private static func numbered(_ text: Substring) -> (Int, Substring)? {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let number = Int(parts[0].drop { $0 == " " }), parts[1].hasPrefix(" ") else {
            return nil
        }
        return (number, parts[1].dropFirst())
    }

    /// ` .......***Failed    0.00 sec`
    private static func attempt(_ tail: Substring) -> Attempt {
        let words = tail.split(separator: " ")
        let seconds = words.dropLast().last.flatMap { Double($0) } ?? 0
        let duration = Duration.milliseconds(Int64(max(0, min(seconds, 1e9)) * 1000))
        if tail.contains(" Passed ") { return Attempt(outcome: .passed, duration: duration) }
        let status = tail.drop { $0 != "*" }.drop { $0 == "*" }
            .split(separator: " ").dropLast(2).joined(separator: " ")
        let isSkipped = status.hasPrefix("Skipped") || status.hasPrefix("Not Run (Disabled)")
        return Attempt(
            outcome: isSkipped ? .skipped : .failed, duration: duration, reason: .init(message: status))
    }
}
