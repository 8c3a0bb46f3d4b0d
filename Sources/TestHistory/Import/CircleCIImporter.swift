package import CICore

/// CircleCI's timings: `results.json` of a job's test results (`tests`), or an answer of the API's
/// `GET /project/{slug}/{number}/tests` (`items`).
package struct CircleCIImporter: TimingImporter {
    package let id = "circleci"
    package let title = "CircleCI timings JSON"
    package let runner: RunnerID? = nil

    package init() {}

    package func recognises(_ head: ImportHead) -> Bool {
        guard let (key, _) = head.firstMember else { return false }
        return ["tests", "items", "next_page_token", "exceptions"].contains(key)
            && (head.text.contains("\"run_time\"") || head.text.contains("\"items\"")
                || head.text.contains("\"tests\""))
    }

    package func read(_ source: ImportSource) throws(HistoryError) -> [ImportedTest] {
        let document = try source.decoded(Document.self)
        guard let tests = document.tests ?? document.items else {
            throw source.malformed(at: "line 1, column 1", "neither \"tests\" nor \"items\" is there")
        }
        var reader = NameReader(root: source.root, files: source.files)
        return tests.map { test in
            let names = reader.names(
                file: test.file.map(source.relative), className: test.classname ?? "", name: test.name ?? "")
            let duration = Duration.seconds((test.run_time ?? 0).boundedSeconds)
            return ImportedTest(names: names, attempts: [Attempt(outcome: test.outcome, duration: duration)])
        }
    }

    private struct Document: Decodable {
        var tests: [Test]?
        var items: [Test]?
    }

    /// The keys are CircleCI's.
    private struct Test: Decodable {
        var file: String?
        var classname: String?
        var name: String?
        var result: String?
        var run_time: Double?

        var outcome: Outcome {
            switch result {
            case "failure": .failed
            case "error": .errored
            case "skipped": .skipped
            default: .passed
            }
        }
    }
}
