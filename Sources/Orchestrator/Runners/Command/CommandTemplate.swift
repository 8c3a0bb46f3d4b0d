import Artifacts
import CICore
import SystemPackage

/// A user's command with the places of `{{tests}}` and `{{results}}`.
///
/// `{{tests}}` becomes the units, each an argument of its own, or `@FILE` with one unit a line where they are too many
/// for a command line; without it the units come on standard input, one a line. `{{results}}/` is a directory whose
/// `*.xml` are read; `{{results}}` with anything else behind it is one report file of any known format.
struct CommandTemplate {
    private static let tests = "{{tests}}"
    private static let results = "{{results}}"
    private let line: Suite.Command.Line
    private let takesTests: Bool
    private let report: Report?

    private enum Report {
        case file
        case directory
    }

    /// - Throws: `.badConfiguration` if a placeholder stands where its value could not be passed unharmed.
    init(_ line: Suite.Command.Line, of suite: SuiteName) throws(RunnerError) {
        self.line = line
        let texts =
            switch line {
            case .shell(let text): [text]
            case .arguments(let words): words
            }
        takesTests = texts.contains { $0.contains(Self.tests) }
        if texts.contains(where: { $0.contains(Self.results + "/") }) {
            report = .directory
        } else {
            report = texts.contains { $0.contains(Self.results) } ? .file : nil
        }
        switch line {
        case .shell(let text):
            guard ShellText(text).quoting(of: Self.tests).allSatisfy({ $0 == .none }) else {
                throw Self.misplaced("outside of quotes", suite)
            }
        case .arguments(let words):
            guard words.allSatisfy({ $0 == Self.tests || !$0.contains(Self.tests) }) else {
                throw Self.misplaced("as an argument of its own", suite)
            }
        }
    }

    func invocation(for selectors: [String], in place: BatchPlace) -> Invocation {
        let path = report == .directory ? place.results : place.results.appending("report.xml")
        var selectors = selectors
        var sideFiles: [SideFile] = []
        let list = Array(selectors.map { $0 + "\n" }.joined().utf8)
        if takesTests, !ArgumentLimit.allows(selectors) {
            let file = SideFile(place.results.appending("tests.txt"), contents: list)
            sideFiles = [file]
            selectors = ["@\(file.path)"]
        }
        return Invocation(
            arguments(selectors, results: path), environment: ["DTCI_RESULTS": path.string],
            standardInput: takesTests || selectors.isEmpty ? nil : list, sideFiles: sideFiles,
            reports: report == nil ? [] : [ExpectedReport(path, format: report == .file ? nil : .junit)])
    }

    private func arguments(_ selectors: [String], results: FilePath) -> [String] {
        switch line {
        case .arguments(let words):
            words.flatMap { word in
                word == Self.tests ? selectors : [word.replacing(Self.results, with: results.string)]
            }
        case .shell(let text):
            // The values are parameters and variables of the shell: never text that it would read as commands.
            [
                "/bin/sh", "-c",
                ShellText(text).replacing(Self.tests) { _ in "\"$@\"" }.replacing(Self.results) { quoting in
                    switch quoting {
                    case .none: "\"$DTCI_RESULTS\""
                    case .double: "${DTCI_RESULTS}"
                    case .single: "'\"$DTCI_RESULTS\"'"
                    }
                }.text, "sh",
            ] + selectors
        }
    }

    private static func misplaced(_ place: String, _ suite: SuiteName) -> RunnerError {
        RunnerError(
            code: .badConfiguration, suite: suite, description: "suite \(suite): {{tests}} must stand \(place)")
    }
}
