package import CICore

/// How to run again what failed: lines that can be pasted into a shell as they are.
package struct RerunAdvice: Sendable {
    /// The command that runs the same configuration.
    private let command: [String]
    private let failed: [TestID]
    /// So many tests are named.
    private static let tests = 3
    /// A test whose quoted id is longer is not named: it would bury the others.
    private static let length = 240

    package init(_ command: [String], failed: [TestID]) {
        self.command = command
        self.failed = failed
    }

    /// At most two: one that names the first tests, one for all of them where those are more.
    package var lines: [String] {
        let (named, all) = commands
        return [named.map { "again: \($0)" }, all.map { "all \(failed.count): \($0)" }].compactMap(\.self)
    }

    /// These lines, and the runners' own commands below them.
    package func lines(with results: RunResults) -> [String] {
        lines + Self.ownCommands(failed, in: results).enumerated().map { ($0 == 0 ? "alone: " : "       ") + $1 }
    }

    /// The command that names the first tests, and the one for all of them where those are more.
    package var commands: (named: String?, all: String?) {
        let named = failed.lazy.map { CommandLineText.shellShown($0.rawValue) }
            .filter { $0.utf8.count <= Self.length }.prefix(Self.tests)
        let start = command.map(CommandLineText.shellShown).joined(separator: " ")
        return (
            named.isEmpty ? nil : start + named.map(Self.option).joined(),
            failed.count > named.count ? "\(start) --only-failed" : nil
        )
    }

    /// The option that chooses one test; a value that looks like an option must be joined to its own.
    package static func option(_ pattern: String) -> String {
        pattern.hasPrefix("-") ? " --only=\(pattern)" : " --only \(pattern)"
    }

    /// The runners' own commands for the first of these tests, as far as they are known and short.
    package static func ownCommands(_ tests: [TestID], in results: RunResults) -> [String] {
        Array(
            tests.lazy.compactMap { results.background[$0]?.command }.filter { $0.utf8.count <= 2 * length }
                .prefix(Self.tests))
    }
}
