package import CICore
package import SystemPackage

/// The `dt-ci/results/v1` document: written in pieces, read back by this version and later ones.
package enum ResultsV1 {
    package static let schema = "dt-ci/results/v1"
    private static let pieceSize = 64 << 10

    /// Replaces a file in one step.
    ///
    /// - Throws: `FileError` where it cannot be written.
    package static func write(_ results: RunResults, to path: FilePath) throws(FileError) {
        var file = try AtomicFile(path)
        try write(results) { piece throws(FileError) in try file.append(piece) }
        try file.commit()
    }

    /// Hands the document over in pieces.
    package static func write<Failure: Error>(
        _ results: RunResults, _ piece: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        try write(
            results, tests: results.tests,
            { append($0, isQuarantined: results.isQuarantined($0.id), &$1) }, piece)
    }

    /// Hands the document over in pieces; `append` writes each of its tests.
    static func write<Test, Failure: Error>(
        _ results: RunResults, tests: some Sequence<Test>, _ append: (Test, inout JSONWriter) -> Void,
        _ piece: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        var json = JSONWriter(capacity: 2 * pieceSize)
        var failure: Failure?
        json.object { json in
            appendHead(results, &json)
            json.key("tests")
            json.array(tests) { json, test in
                guard failure == nil else { return }
                append(test, &json)
                guard json.bytes.count >= pieceSize else { return }
                do throws(Failure) { try piece(json.drain()) } catch { failure = error }
            }
            appendTail(results, &json)
        }
        if let failure { throw failure }
        json.endLine()
        try piece(json.drain())
    }

    private static func appendHead(_ results: RunResults, _ json: inout JSONWriter) {
        json.key("schema")
        json.value(schema)
        json.key("totals")
        append(results.totals, &json)
        json.key("seconds")
        json.value(results.duration)
        json.key("files")
        json.array(results.files) { json, file in
            json.object { json in
                json.key("path")
                json.value(file.path)
                json.key("tests")
                json.value(file.totals.tests)
                json.key("totals")
                append(file.totals, &json)
                json.key("warning")
                json.value(file.warning)
            }
        }
        json.key("warnings")
        json.array(results.warnings) { $0.value($1) }
    }

    private static func append(_ totals: Totals, _ json: inout JSONWriter) {
        json.object { json in
            json.key("tests")
            json.value(totals.tests)
            json.key("passed")
            json.value(totals.passed)
            json.key("failed")
            json.value(totals.failed)
            json.key("errored")
            json.value(totals.errored)
            json.key("skipped")
            json.value(totals.skipped)
            json.key("flaky")
            json.value(totals.flaky)
            json.key("attempts")
            json.value(totals.attempts)
        }
    }

    /// One test of the list.
    static func append(_ test: TestRecord, isQuarantined: Bool, _ json: inout JSONWriter) {
        json.object { json in
            json.key("id")
            json.value(test.id.rawValue)
            json.key("suite")
            json.value(test.identity.suite.rawValue)
            json.key("file")
            json.value(test.identity.location?.file)
            json.key("line")
            json.value(test.identity.location?.line)
            json.key("class")
            json.value(test.identity.className)
            json.key("name")
            json.value(test.identity.name)
            json.key("container")
            json.value(test.container)
            json.key("outcome")
            json.value(test.outcome.rawValue)
            json.key("flaky")
            json.value(test.isFlaky)
            json.key("quarantined")
            json.value(isQuarantined)
            json.key("seconds")
            json.value(test.duration)
            json.key("attempts")
            json.array(test.attempts) { append($1, &$0) }
            if !test.attachments.isEmpty {
                json.key("attachments")
                json.array(test.attachments) { $0.value($1) }
            }
        }
    }

    private static func append(_ attempt: Attempt, _ json: inout JSONWriter) {
        json.object { json in
            json.key("outcome")
            json.value(attempt.outcome.rawValue)
            json.key("seconds")
            json.value(attempt.duration)
            json.key("message")
            json.value(attempt.reason?.message)
            if let reason = attempt.reason {
                json.key("type")
                json.value(reason.type)
                json.key("details")
                json.value(reason.details)
                if let test = reason.because { json.member("because", test.rawValue) }
            }
            if let output = attempt.output {
                json.key("output")
                json.value(output)
            }
        }
    }

    private static func appendTail(_ results: RunResults, _ json: inout JSONWriter) {
        json.key("completeness")
        if let completeness = results.completeness {
            append(completeness, &json)
        } else {
            json.null()
        }
        json.key("verdict")
        if let verdict = results.verdict {
            json.object { json in
                json.member("exitCode", Int(verdict.exitCode.rawValue))
                json.member("reason", verdict.reason)
            }
        } else {
            json.null()
        }
        json.key("comparison")
        if let comparison = results.comparison { write(comparison, to: &json) } else { json.null() }
        if !results.timeline.isEmpty {
            json.key("timeline")
            write(results.timeline, to: &json)
        }
        if !results.artifacts.isEmpty {
            json.key("artifacts")
            write(results.artifacts, to: &json)
        }
        if let reason = results.missingBaseline { json.member("missingBaseline", reason) }
        if !results.background.isEmpty {
            json.key("background")
            write(results.background, to: &json)
        }
        if !results.nodes.isEmpty {
            json.key("nodes")
            write(results.nodes, to: &json)
        }
    }

    private static func append(_ completeness: Completeness, _ json: inout JSONWriter) {
        json.object { json in
            json.key("discovered")
            json.value(completeness.discovered)
            json.key("ran")
            json.value(completeness.ran)
            json.key("skipped")
            json.value(completeness.skipped)
            json.key("quarantined")
            json.value(completeness.quarantined)
            json.key("lost")
            json.array(completeness.lost) { $0.value($1.rawValue) }
        }
    }
}
