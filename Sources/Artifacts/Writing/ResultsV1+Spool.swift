package import CICore
package import SystemPackage

extension ResultsV1 {
    /// Replaces a file in one step; its tests are the joined ones, not those of the results.
    ///
    /// - Throws: `FileError` where it cannot be written.
    package static func write(_ results: RunResults, tests: SpooledTests, to path: FilePath) throws(FileError) {
        var file = try AtomicFile(path)
        try write(results, tests: tests) { piece throws(FileError) in try file.append(piece) }
        try file.commit()
    }

    /// Hands the document over in pieces; its tests are the joined ones, not those of the results.
    package static func write<Failure: Error>(
        _ results: RunResults, tests: SpooledTests, _ piece: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        var documents = tests.json
        try write(
            results, tests: tests.entries,
            { entry, json in documents.read(entry.json, ofShelf: entry.shelf) { json.raw($0) } }, piece)
    }
}

extension JUnitWriter {
    /// Replaces a file in one step with the joined tests.
    ///
    /// - Throws: `FileError` where it cannot be written.
    package static func write(_ tests: SpooledTests, to path: FilePath) throws(FileError) {
        var file = try AtomicFile(path)
        try write(tests) { piece throws(FileError) in try file.append(piece) }
        try file.commit()
    }

    private static func write<Failure: Error>(
        _ tests: SpooledTests, _ piece: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        var suites = [[Int32]](repeating: [], count: tests.suites.count)
        for (place, entry) in tests.entries.enumerated() { suites[Int(entry.suite)].append(Int32(place)) }
        var output = XMLOutput()
        var documents = tests.xml
        open(counts: Counts(tests.entries.lazy.map(\.shown)), of: &output)
        for (name, places) in zip(tests.suites, suites) {
            let entries = places.lazy.map { tests.entries[Int($0)] }
            open(suite: name, counts: Counts(entries.map(\.shown)), of: &output)
            for entry in entries {
                documents.read(entry.xml, ofShelf: entry.shelf) { output.raw($0) }
                if output.bytes.count >= pieceSize { try piece(output.drain()) }
            }
            output.raw("  </testsuite>\n")
        }
        output.raw("</testsuites>\n")
        try piece(output.drain())
    }
}

extension SpooledTests.Entry {
    /// As JUnit has it: a failure that is excused is skipped.
    fileprivate var shown: (outcome: Outcome, duration: Duration) {
        (isQuarantined && outcome.isFailure ? .skipped : outcome, .nanoseconds(nanoseconds))
    }
}
