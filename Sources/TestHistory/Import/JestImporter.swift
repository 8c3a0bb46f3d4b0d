package import CICore

/// Jest's `perf-cache-…`: a JSON object of absolute paths and `[1 = passed, milliseconds]`.
///
/// The file stands in Jest's cache directory (`jest --showConfig`, `cacheDirectory`); its format is that of
/// `jest-test-sequencer`, where 0 is a file with failures.
package struct JestImporter: TimingImporter {
    package let id = "jest"
    package let title = "Jest perf-cache"
    package let runner: RunnerID? = "jest"

    package init() {}

    package func recognises(_ head: ImportHead) -> Bool {
        guard let (key, value) = head.firstMember, value == "[" else { return false }
        return key.contains("/") || key.contains("\\\\")
    }

    package func read(_ source: ImportSource) throws(HistoryError) -> [ImportedTest] {
        var tests: [ImportedTest] = []
        for (path, values) in try source.decoded([String: [Double]].self).sorted(by: { $0.key < $1.key }) {
            guard values.count == 2 else {
                throw source.malformed(at: "[\"\(path)\"]", "expected [0 or 1, milliseconds]")
            }
            let duration = Duration.seconds((values[1] / 1000).boundedSeconds)
            tests.append(
                ImportedTest(
                    names: ImportedNames(file: source.relative(path)),
                    attempts: [Attempt(outcome: values[0] == 1 ? .passed : .failed, duration: duration)]))
        }
        return tests
    }
}
