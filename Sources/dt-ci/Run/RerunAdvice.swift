import CICore
import Orchestrator

/// How to run again what failed: lines that can be pasted into a shell as they are.
struct RerunAdvice {
    /// The command that runs the same configuration.
    private let command: [String]
    private let failed: [TestID]
    /// So many tests are named.
    private static let tests = 3
    /// A test whose quoted id is longer is not named: it would bury the others.
    private static let length = 240

    init(_ command: [String], failed: [TestID]) {
        self.command = command
        self.failed = failed
    }

    /// At most two: one that names the first tests, one for all of them where those are more.
    var lines: [String] {
        let named = failed.lazy.map { CommandLineText.shellShown($0.rawValue) }
            .filter { $0.utf8.count <= Self.length }.prefix(Self.tests)
        let start = command.map(CommandLineText.shellShown).joined(separator: " ")
        var lines: [String] = []
        if !named.isEmpty { lines.append("again: \(start)" + named.map(Self.option).joined()) }
        if failed.count > named.count { lines.append("all \(failed.count): \(start) --only-failed") }
        return lines
    }

    /// A value that looks like an option must be joined to its own.
    private static func option(_ pattern: String) -> String {
        pattern.hasPrefix("-") ? " --only=\(pattern)" : " --only \(pattern)"
    }
}
