package import CICore

/// The runtime log of parallel_tests (`tmp/parallel_runtime_rspec.log`): a line `path:seconds` for each file.
package struct ParallelTestsImporter: TimingImporter {
    package let id = "parallel-tests"
    package let title = "parallel_tests runtime log"
    package let runner: RunnerID? = "rspec"

    package init() {}

    package func recognises(_ head: ImportHead) -> Bool {
        guard let first = head.text.first, first != "{", first != "[", first != "<" else { return false }
        return head.text.split(whereSeparator: \.isNewline).first.flatMap(Self.entry) != nil
    }

    package func read(_ source: ImportSource) throws(HistoryError) -> [ImportedTest] {
        var tests: [ImportedTest] = []
        let lines = source.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, bytes) in lines.enumerated() {
            let line = String(decoding: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes, as: UTF8.self)
            guard line.contains(where: { !$0.isWhitespace }) else { continue }
            guard let (path, seconds) = Self.entry(line[...]) else {
                throw source.malformed(at: "line \(number + 1)", "expected PATH:SECONDS")
            }
            tests.append(ImportedTest(ImportedNames(file: source.relative(path)), seconds: seconds))
        }
        return tests
    }

    /// The last colon: a path can hold others.
    private static func entry(_ line: Substring) -> (path: String, seconds: Double)? {
        guard let colon = line.lastIndex(of: ":"), colon > line.startIndex,
            let seconds = Double(line[line.index(after: colon)...].filter { !$0.isWhitespace }), seconds.isFinite
        else { return nil }
        return (String(line[..<colon]), seconds)
    }
}
