package import CICore
import SystemPackage

/// The line by which a person runs one test with the runner itself.
package struct OwnCommand: Sendable {
    private let suites: [SuiteName: Suite]
    private let root: String

    /// Takes the suites of a configuration and the directory that the line is to be pasted in.
    package init(_ configuration: Configuration) {
        suites = Dictionary(configuration.suites.map { ($0.name, $0) }) { first, _ in first }
        root = configuration.root.string
    }

    /// One line for a POSIX shell, every word quoted; `nil` where the test's runner has none.
    package func line(for test: TestRecord) -> String? {
        guard let suite = suite(of: test.id), let runner = TestRunners.runner(suite.runner) else { return nil }
        let identifier = String(test.id.rawValue.dropFirst(suite.name.rawValue.count + 2))
        let address = TestAddress(selector: identifier, container: test.container)
        guard let words = runner.command(running: address, of: suite), !words.isEmpty else { return nil }
        let directory = suite.workingDirectory.string
        let command = words.map { CommandLineText.shellShown(Self.relative($0, to: directory)) }.joined(separator: " ")
        guard directory != root else { return command }
        let place = directory.hasPrefix(root + "/") ? String(directory.dropFirst(root.count + 1)) : directory
        return "cd \(CommandLineText.shellShown(place)) && \(command)"
    }

    /// Names of suites may begin alike.
    private func suite(of test: TestID) -> Suite? {
        suites.values.filter { test.rawValue.hasPrefix($0.name.rawValue + "::") }
            .max { $0.name.rawValue.utf8.count < $1.name.rawValue.utf8.count }
    }

    /// A program below the suite's directory, as it is called from there.
    private static func relative(_ word: String, to directory: String) -> String {
        word.hasPrefix(directory + "/") ? "./" + word.dropFirst(directory.count + 1) : word
    }
}
