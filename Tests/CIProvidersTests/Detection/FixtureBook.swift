@testable import CIProviders

/// Fixtures as text: what all of a service's share, and under `##` what each has of its own.
///
///     NAME=value              a variable; `-NAME` takes it away
///     @/path text             a line of a file; `-@/path` takes the file away
///     git rev-parse a\nb      what that command of git prints
///     > fact value < source   what must come out and what must have decided it; `> -fact`: it must be unknown
///     ! words                 words of a warning; what no line names must not be warned of
///     ? id id                 the services that the environment fits, where it is not the one alone
///
/// `{head}`, `{merge}` and `{base}` are commits, `{event}` stands for `GITHUB_EVENT_PATH:`.
enum FixtureBook {
    /// A line that says nothing becomes an expectation that nothing can meet.
    static func read(_ text: String) -> [DetectionFixture] {
        var base = DetectionFixture(name: "", environment: [:], expected: [:])
        var fixtures: [DetectionFixture] = []
        for line in text.split(separator: "\n").map({ replaced(trimmed($0)) }) where !line.isEmpty {
            if line.hasPrefix("## ") {
                var fixture = base
                fixture.name = String(line.dropFirst(3))
                fixtures.append(fixture)
            } else if fixtures.isEmpty {
                take(line, into: &base)
            } else {
                take(line, into: &fixtures[fixtures.count - 1])
            }
        }
        return fixtures
    }

    private static func trimmed(_ line: Substring) -> String { String(line.drop { $0 == " " }) }

    private static func replaced(_ line: String) -> String {
        let words = [
            ("{head}", Commit.head), ("{merge}", Commit.merge), ("{base}", Commit.base),
            ("{event}", "GITHUB_EVENT_PATH:"),
        ]
        return words.reduce(line) { line, word in line.replacing(word.0, with: word.1) }
    }

    private static func take(_ line: String, into fixture: inout DetectionFixture) {
        switch line.first {
        case ">": expect(String(line.dropFirst(2)), of: &fixture)
        case "!": fixture.warnings.append(String(line.dropFirst(2)))
        case "?": fixture.candidates = line.dropFirst(2).split(separator: " ").map(String.init)
        case "-" where line.hasPrefix("-@"): fixture.files[String(line.dropFirst(2))] = nil
        case "-": fixture.environment[String(line.dropFirst())] = nil
        case "@":
            let parts = line.dropFirst().split(separator: " ", maxSplits: 1)
            fixture.files[String(parts[0]), default: ""] += (parts.count > 1 ? parts[1] : "") + "\n"
        case "g" where line.hasPrefix("git "):
            let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
            let output = parts.count > 2 ? parts[2].replacing("\\n", with: "\n") : ""
            fixture.git[String(parts[1])] = String(output)
        default:
            guard let equals = line.firstIndex(of: "=") else { return fixture.mistakes.append(line) }
            fixture.environment[String(line[..<equals])] = String(line[line.index(after: equals)...])
        }
    }

    private static func expect(_ line: String, of fixture: inout DetectionFixture) {
        if line.hasPrefix("-"), let fact = Fact(rawValue: String(line.dropFirst())) {
            fixture.expected[fact] = nil
            fixture.sources[fact] = nil
            return
        }
        guard let space = line.firstIndex(of: " "), let fact = Fact(rawValue: String(line[..<space])),
            let mark = line.firstRange(of: " < ")
        else { return fixture.mistakes.append(line) }
        fixture.expected[fact] = String(line[line.index(after: space)..<mark.lowerBound])
        fixture.sources[fact] = String(line[mark.upperBound...])
    }
}
