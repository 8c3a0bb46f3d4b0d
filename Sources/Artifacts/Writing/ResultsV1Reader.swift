package import CICore

/// Why a results document could not be read.
package struct ResultsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    package enum Code: Sendable, Hashable {
        case notResults
        /// Written by a later version of dt-ci.
        case newer
        case malformed
    }

    package var code: Code
    /// One sentence without the path.
    package var description: String

    package init(code: Code, description: String) {
        self.code = code
        self.description = description
    }
}

extension ResultsV1 {
    private static let family = "dt-ci/results/v"

    /// Whether a file starts like a results document of any version.
    package static func recognises(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = head.trimmed
        return start.hasPrefix("{")
            && ByteSearch.first("\"dt-ci/results/v", in: start.part(0..<min(512, start.count)), from: 0) != nil
    }

    /// Reads a document: unknown keys are ignored, a newer version is refused.
    ///
    /// - Throws: `ResultsError`.
    package static func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(ResultsError) -> RunResults {
        guard let members = JSONSlices.members(of: bytes) else {
            throw ResultsError(code: .malformed, description: "is not whole: its JSON breaks off or is malformed")
        }
        func value(_ key: String) -> JSONValue? { members[key].flatMap { JSONValue(bytes.part($0)) } }
        try check(schema: value("schema")?.string)
        var tests: [TestRecord] = []
        var quarantined: Set<TestID> = []
        if let range = members["tests"] {
            let isSound = JSONSlices.forEachElement(of: bytes.part(range)) { element in
                guard let (test, isQuarantined) = test(element) else { return false }
                if isQuarantined { quarantined.insert(test.id) }
                tests.append(test)
                return true
            }
            guard isSound else { throw ResultsError(code: .malformed, description: "holds a malformed test") }
        }
        var results = RunResults(
            tests: tests, totals: value("totals").map(totals), duration: duration(value("seconds")),
            files: value("files")?.array.compactMap(file) ?? [],
            warnings: value("warnings")?.array.compactMap(\.string) ?? [])
        results.completeness = value("completeness").flatMap(completeness)
        results.verdict = value("verdict").flatMap { verdict($0, quarantined) }
        results.comparison = value("comparison").flatMap(comparison)
        results.timeline = value("timeline")?.array.compactMap(span) ?? []
        results.artifacts = value("artifacts")?.array.compactMap(artifact) ?? []
        results.missingBaseline = value("missingBaseline")?.string
        results.background = value("background").map(background) ?? [:]
        results.nodes = value("nodes")?.array.compactMap(node) ?? []
        return results
    }

    static func check(schema: String?) throws(ResultsError) {
        guard let schema, schema.hasPrefix(family), let version = Int(schema.dropFirst(family.count)) else {
            throw ResultsError(code: .notResults, description: "is no results document of dt-ci")
        }
        guard version <= 1 else {
            throw ResultsError(
                code: .newer,
                description: "is of schema \(SafeText.line(schema, limit: 60)), which is newer than this "
                    + "dt-ci reads (\(Self.schema)): update dt-ci")
        }
    }

    private static func totals(_ json: JSONValue) -> Totals {
        func count(_ key: String) -> Int { min(max(0, json[key]?.int ?? 0), 1 << 48) }
        let counts: [Outcome: Int] = [
            .passed: count("passed"), .failed: count("failed"), .errored: count("errored"), .skipped: count("skipped"),
        ]
        return Totals(counts: counts.filter { $0.value > 0 }, flaky: count("flaky"), attempts: count("attempts"))
    }

    static func duration(_ json: JSONValue?) -> Duration { duration(json?.double) }

    static func duration(_ seconds: Double?) -> Duration {
        .nanoseconds(Int64((min(max(0, seconds ?? 0), 4e9) * 1e9).rounded()))
    }

    private static func file(_ json: JSONValue) -> RunResults.ReportFile? {
        guard let path = json["path"]?.string else { return nil }
        return RunResults.ReportFile(
            path: path, totals: json["totals"].map(totals) ?? Totals(), warning: json["warning"]?.string)
    }

    static func completeness(_ json: JSONValue) -> Completeness? {
        guard let ran = json["ran"]?.int else { return nil }
        return Completeness(
            ran: ran, skipped: json["skipped"]?.int ?? 0, quarantined: json["quarantined"]?.int ?? 0,
            lost: json["lost"]?.array.compactMap { $0.string.map { TestID($0) } } ?? [])
    }

    private static func verdict(_ json: JSONValue, _ quarantined: Set<TestID>) -> RunResults.Verdict? {
        guard let code = json["exitCode"]?.int.flatMap({ Int32(exactly: $0) }) else { return nil }
        let exitCode = ExitCode.documented.first { $0.rawValue == code } ?? .signal(max(0, code - 128))
        return RunResults.Verdict(
            exitCode: exitCode, reason: json["reason"]?.string ?? exitCode.meaning, quarantined: quarantined)
    }
}
