package import CICore

/// Playwright's JSON reporter: suites of specs, each with its tests (one a project) and their results (one an attempt).
///
/// The selector is `file:line`, which `playwright test` takes; the same line in several projects counts as one test,
/// since one invocation runs them all.
package struct PlaywrightImporter: TimingImporter {
    package let id = "playwright"
    package let title = "Playwright JSON report"
    package let runner: RunnerID? = "playwright"

    package init() {}

    package func recognises(_ head: ImportHead) -> Bool {
        guard let (key, _) = head.firstMember else { return false }
        return key == "config" || (key == "suites" && head.text.contains("\"specs\""))
    }

    package func read(_ source: ImportSource) throws(HistoryError) -> [ImportedTest] {
        let report = try source.decoded(Report.self)
        let directory = report.config?.rootDir.map { source.relative($0) }
        var tests: [ImportedTest] = []
        var pending = report.suites.reversed() as [Suite]
        while let suite = pending.popLast() {
            pending.append(contentsOf: (suite.suites ?? []).reversed())
            for spec in suite.specs ?? [] {
                guard let file = spec.file ?? suite.file else { continue }
                let path = Self.path(file, in: directory, of: source)
                let names = ImportedNames(
                    selector: spec.line.map { "\(path):\($0)" } ?? path, container: path, className: suite.title ?? "",
                    name: spec.title)
                tests += spec.tests.filter { !$0.results.isEmpty }.map {
                    ImportedTest(names: names, attempts: $0.attempts)
                }
            }
        }
        return tests
    }

    /// Files are relative to the configuration's `rootDir`, which is absolute.
    private static func path(_ file: String, in directory: String?, of source: ImportSource) -> String {
        guard let directory, !directory.hasPrefix("/"), !directory.isEmpty, !file.hasPrefix("/") else {
            return source.relative(file)
        }
        return "\(directory)/\(file)"
    }

    private struct Report: Decodable {
        var config: Config?
        var suites: [Suite]
    }

    private struct Config: Decodable {
        var rootDir: String?
    }

    private struct Suite: Decodable {
        var title: String?
        var file: String?
        var specs: [Spec]?
        var suites: [Suite]?
    }

    private struct Spec: Decodable {
        var title: String
        var file: String?
        var line: Int?
        var tests: [Test]
    }

    private struct Test: Decodable {
        var expectedStatus: String?
        var results: [Result]

        /// `test.fail()` makes a failure the expected status.
        var attempts: [Attempt] {
            results.map { result in
                let isExpected = result.status == expectedStatus ?? "passed"
                let outcome: Outcome =
                    switch result.status {
                    case "skipped": .skipped
                    case _ where isExpected: .passed
                    case "failed", "passed": .failed
                    default: .errored
                    }
                return Attempt(outcome: outcome, duration: .seconds(((result.duration ?? 0) / 1000).boundedSeconds))
            }
        }
    }

    private struct Result: Decodable {
        var status: String
        /// Milliseconds.
        var duration: Double?
    }
}
