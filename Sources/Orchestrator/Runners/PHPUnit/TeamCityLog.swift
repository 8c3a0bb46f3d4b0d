import Artifacts
import CICore

/// What PHPUnit's `--log-teamcity` told: `testStarted`, `testFailed`, `testIgnored` and `testFinished` messages.
struct TeamCityLog {
    private(set) var finished: [ReportedTest] = []
    /// Begun and not ended.
    private(set) var running: [ReportedTest] = []

    init(_ text: String) {
        for line in text.split(separator: "\n") {
            guard let message = Message(line) else { continue }
            take(message)
        }
    }

    private mutating func take(_ message: Message) {
        let name = message["name"] ?? ""
        switch message.kind {
        case "testStarted":
            let place = message["locationHint"] ?? ""
            running.append(
                ReportedTest(className: Self.className(place), name: name, attempts: [Attempt(outcome: .passed)]))
        case "testFailed", "testIgnored":
            guard let index = running.lastIndex(where: { $0.name == name }) else { return }
            running[index].attempts[0].outcome = message.kind == "testFailed" ? .failed : .skipped
            running[index].attempts[0].reason = Attempt.Reason(message: message["message"], details: message["details"])
        case "testFinished":
            guard let index = running.lastIndex(where: { $0.name == name }) else { return }
            var test = running.remove(at: index)
            test.attempts[0].duration = .milliseconds(message["duration"].flatMap(Int.init) ?? 0)
            finished.append(test)
        default: break
        }
    }

    /// `php_qn:///work/tests/CalcTest.php::\App\CalcTest::testAdds` → `App\CalcTest`.
    private static func className(_ place: String) -> String {
        guard let start = place.firstRange(of: "::\\") else { return "" }
        let rest = place[start.upperBound...]
        return String(rest.firstRange(of: "::").map { rest[..<$0.lowerBound] } ?? rest)
    }

    /// One service message: `##teamcity[kind key='value' …]` with `|` as its escape.
    private struct Message {
        let kind: String
        private var values: [String: String] = [:]

        subscript(_ key: String) -> String? { values[key] }

        init?(_ line: Substring) {
            guard line.hasPrefix("##teamcity[") else { return nil }
            var rest = line.dropFirst("##teamcity[".count)
            let kind = rest.prefix { $0.isLetter }
            self.kind = String(kind)
            rest = rest[kind.endIndex...]
            while let first = rest.first, first == " " {
                rest = rest.dropFirst()
                let key = rest.prefix { $0 != "=" }
                rest = rest[key.endIndex...].dropFirst(2)
                guard let value = Self.value(&rest) else { return nil }
                values[String(key)] = value
            }
        }

        private static func value(_ rest: inout Substring) -> String? {
            var value = ""
            while let next = rest.popFirst() {
                switch next {
                case "'": return value
                case "|":
                    guard let escaped = rest.popFirst() else { return nil }
                    value.append(escaped == "n" ? "\n" : escaped == "r" ? "\r" : escaped)
                default: value.append(next)
                }
            }
            return nil
        }
    }
}
