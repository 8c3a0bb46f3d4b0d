package import CICore
package import SystemPackage

import struct FoundationEssentials.Date

/// The `dt-ci/state/v1` document: what a later run without history needs to say what is new.
///
/// A test is an array: id, outcome, seconds, and for a failure the commit and time (seconds since 1970) since when it has
/// failed and in how many runs. A reader takes what it knows of a longer array.
package enum StateV1 {
    package static let schema = "dt-ci/state/v1"

    /// The document, its tests in order of their ids.
    package static func write(_ baseline: Baseline) -> [UInt8] {
        var writer = JSONWriter(capacity: 64 << 10)
        writer.object { writer in
            appendHead(baseline.point, &writer)
            writer.array(baseline.tests.sorted { $0.key < $1.key }) { append($1.key, $1.value, &$0) }
        }
        writer.endLine()
        return writer.bytes
    }

    /// Replaces a file in one step with the joined tests of a run, in the order of the run.
    ///
    /// - Throws: `FileError` where it cannot be written.
    package static func write(
        _ tests: SpooledTests, at point: Baseline.Point, standing: [TestID: Baseline.Standing], to path: FilePath
    ) throws(FileError) {
        var file = try AtomicFile(path)
        var writer = JSONWriter(capacity: 128 << 10)
        var failure: FileError?
        writer.object { writer in
            appendHead(point, &writer)
            writer.array { writer in
                var documents = tests.json
                for entry in tests.entries where failure == nil {
                    guard
                        let id = documents.read(
                            entry.json, ofShelf: entry.shelf, { ResultsV1.id(of: $0) })
                    else { continue }
                    let state = Baseline.State(
                        of: id, outcome: entry.outcome, duration: .nanoseconds(entry.nanoseconds), at: point,
                        standing: standing)
                    append(id, state, &writer)
                    guard writer.bytes.count >= 64 << 10 else { continue }
                    do throws(FileError) { try file.append(writer.drain()) } catch { failure = error }
                }
            }
        }
        if let failure { throw failure }
        writer.endLine()
        try file.append(writer.drain())
        try file.commit()
    }

    private static func appendHead(_ point: Baseline.Point, _ writer: inout JSONWriter) {
        writer.member("schema", schema)
        writer.member("commit", point.commit)
        writer.member("branch", point.branch)
        writer.member("at", Int(point.at.timeIntervalSince1970))
        writer.key("tests")
    }

    private static func append(_ test: TestID, _ state: Baseline.State, _ writer: inout JSONWriter) {
        writer.array { writer in
            writer.value(test.rawValue)
            writer.value(state.outcome.rawValue)
            writer.value(state.duration)
            guard let failing = state.failing else { return }
            writer.value(failing.commit)
            writer.value(Int(failing.at.timeIntervalSince1970))
            writer.value(failing.runs)
        }
    }

    /// Reads a document.
    ///
    /// - Throws: `ResultsError` for what is none, is newer, or breaks off.
    package static func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(ResultsError) -> Baseline {
        guard let members = JSONSlices.members(of: bytes) else {
            throw ResultsError(code: .malformed, description: "is not whole: its JSON breaks off or is malformed")
        }
        func value(_ key: String) -> JSONValue? { members[key].flatMap { JSONValue(bytes.part($0)) } }
        guard let found = value("schema")?.string, found.hasPrefix("dt-ci/state/v") else {
            throw ResultsError(code: .notResults, description: "is no state document of dt-ci")
        }
        guard found == schema else {
            throw ResultsError(
                code: .newer,
                description: "is of schema \(SafeText.line(found, limit: 60)), which is newer than this dt-ci reads "
                    + "(\(schema)): update dt-ci")
        }
        var tests: [TestID: Baseline.State] = [:]
        let isSound =
            members["tests"].map { range in
                JSONSlices.forEachElement(of: bytes.part(range)) { element in
                    guard let (id, state) = JSONValue(element).flatMap(test) else { return false }
                    tests[id] = state
                    return true
                }
            } ?? false
        guard isSound else { throw ResultsError(code: .malformed, description: "holds a malformed test") }
        return Baseline(
            point: .init(
                choice: .file, commit: value("commit")?.string, branch: value("branch")?.string,
                at: date(value("at"))),
            tests: tests)
    }

    private static func test(_ json: JSONValue) -> (TestID, Baseline.State)? {
        let fields = json.array
        guard fields.count >= 3, let id = fields[0].string, let outcome = fields[1].string.flatMap(Outcome.init),
            let seconds = fields[2].double, (0...4e9).contains(seconds)
        else { return nil }
        let failing: Baseline.Standing? =
            fields.count >= 6
            ? .init(commit: fields[3].string, at: date(fields[4]), runs: max(1, fields[5].int ?? 1)) : nil
        return (
            TestID(id),
            .init(outcome: outcome, duration: .nanoseconds(Int64((seconds * 1e9).rounded())), failing: failing)
        )
    }

    private static func date(_ json: JSONValue?) -> Date {
        Date(timeIntervalSince1970: min(max(0, json?.double ?? 0), 1e11))
    }
}
