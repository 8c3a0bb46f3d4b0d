package import CICore

/// pytest-split's `.test_durations`: a JSON object of node ids and seconds.
///
/// Versions before 0.3 wrote a list of pairs; both are read.
package struct PytestSplitImporter: TimingImporter {
    package let id = "pytest-split"
    package let title = "pytest-split .test_durations"
    package let runner: RunnerID? = "pytest"

    package init() {}

    package func recognises(_ head: ImportHead) -> Bool {
        if head.isEmptyObject || head.text.filter({ !$0.isWhitespace }).hasPrefix("[[\"") { return true }
        guard let value = head.firstMember?.value else { return false }
        return value == "-" || value.isNumber
    }

    package func read(_ source: ImportSource) throws(HistoryError) -> [ImportedTest] {
        let isList = ImportHead(source.bytes).text.hasPrefix("[")
        let durations =
            isList
            ? try source.decoded([Pair].self).map { ($0.name, $0.seconds) }
            : try source.decoded([String: Double].self).map { ($0.key, $0.value) }
        return durations.sorted { $0.0 < $1.0 }.map { name, seconds in
            let file = name.firstRange(of: "::").map { String(name[..<$0.lowerBound]) } ?? name
            return ImportedTest(ImportedNames(selector: name, container: file), seconds: seconds)
        }
    }

    private struct Pair: Decodable {
        var name: String
        var seconds: Double

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            name = try values.decode(String.self)
            seconds = try values.decode(Double.self)
        }
    }
}
