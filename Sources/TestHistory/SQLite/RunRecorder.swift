import CICore
import FoundationEssentials
import GRDB

/// Writes one run within a transaction and brings the estimates of its tests up to date.
struct RunRecorder {
    let database: Database
    let policy: HistoryPolicy

    /// Longer names are not kept: they are no test's name but somebody's output.
    private static let longestName = 8192

    func record(_ run: HistoricalRun) throws {
        let names = NameTable(database: database)
        let hardware = try names.hardware(run.hardware)
        var touched = try forget(run.id)
        let runID = try insert(run, hardware: hardware)
        let place = Place(run: runID, hardware: hardware, startedAt: run.startedAt.historyMicroseconds)
        var timed: Set<SuiteName> = []
        for test in run.tests where test.duration > .zero { timed.insert(test.identity.suite) }
        for test in run.tests where test.id.rawValue.utf8.count <= Self.longestName && !test.attempts.isEmpty {
            let id = try names.test(test)
            let teaches = run.isComplete && timed.contains(test.identity.suite) && test.teaches
            try insert(test, id: id, teaches: teaches, in: place)
            if test.attempts.count > 1 { try insertAttempts(of: test, id: id, in: place) }
            if run.isComplete { touched.insert(id) }
        }
        try insert(run.parts, names: names, in: place)
        for batch in run.batches { try insert(batch, names: names, in: place) }
        for test in touched { try learn(test, hardware: hardware) }
    }

    /// Where and when a run took place, as the database has it.
    private struct Place {
        var run: Int64
        var hardware: Int64
        var startedAt: Int64
    }

    /// Removes what an earlier recording of the run left; its tests have to be learnt again.
    private func forget(_ run: RunID) throws -> Set<Int64> {
        guard let id = try Int64.fetchOne(database, sql: "SELECT id FROM run WHERE name = ?", arguments: [run.kept])
        else { return [] }
        let tests = try Int64.fetchSet(database, sql: "SELECT test_id FROM result WHERE run_id = ?", arguments: [id])
        try database.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [id])
        return tests
    }

    private func insert(_ run: HistoricalRun, hardware: Int64) throws -> Int64 {
        try database.execute(
            sql: """
                INSERT INTO run (name, started_us, commit_sha, branch, hardware_id, is_complete) VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                run.id.kept, run.startedAt.historyMicroseconds, run.source.commit, run.source.branch, hardware,
                run.isComplete,
            ])
        return database.lastInsertedRowID
    }

    private func insert(_ test: TestRecord, id: Int64, teaches: Bool, in place: Place) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO result
                    (test_id, hardware_id, started_us, run_id, outcome, attempts, is_flaky, teaches, duration_us)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET
                    outcome = max(outcome, excluded.outcome), attempts = max(attempts, excluded.attempts),
                    is_flaky = max(is_flaky, excluded.is_flaky), teaches = min(teaches, excluded.teaches),
                    duration_us = min(duration_us + excluded.duration_us, 3200000000000000)
                """)
        try statement.execute(arguments: [
            id, place.hardware, place.startedAt, place.run, test.outcome.stored, test.attempts.count, test.isFlaky,
            teaches, test.duration.historyMicroseconds,
        ])
    }

    /// A test that appears twice in one run goes on counting.
    private func insertAttempts(of test: TestRecord, id: Int64, in place: Place) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO attempt (test_id, hardware_id, started_us, run_id, number, outcome, duration_us)
                SELECT ?1, ?2, ?3, ?4, coalesce(max(number), 0) + 1, ?5, ?6 FROM attempt
                WHERE test_id = ?1 AND hardware_id = ?2 AND started_us = ?3 AND run_id = ?4
                """)
        for attempt in test.attempts.prefix(Self.mostAttempts) {
            try statement.execute(arguments: [
                id, place.hardware, place.startedAt, place.run, attempt.outcome.stored,
                attempt.duration.historyMicroseconds,
            ])
        }
    }

    /// More are a report gone wild.
    private static let mostAttempts = 1000

    private func insert(_ parts: HistoricalRun.Parts, names: NameTable, in place: Place) throws {
        for node in parts.nodes {
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO node (run_id, number, hardware_id, lost, batches, busy_us, machine_id)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    place.run, max(node.record.index, 0), try node.record.hardware.map(names.hardware),
                    max(node.record.lost, 0), node.batches, node.busy.historyMicroseconds,
                    try machine(of: node, names: names, in: place),
                ])
        }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO artifact (run_id, test, name, media_type, size, sha256, place, url)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for artifact in parts.artifacts.prefix(Self.mostArtifacts) {
            let shown = artifact.places.first
            try statement.execute(arguments: [
                place.run, artifact.test?.kept, artifact.name.withoutNUL, artifact.mediaType?.withoutNUL,
                max(artifact.size, 0), artifact.digest?.hexadecimal, shown?.title.withoutNUL,
                shown?.url?.withoutNUL,
            ])
        }
    }

    private static let mostArtifacts = 100_000

    /// The number of a node's machine; what a later run saw of it stays.
    private func machine(of node: HistoricalRun.Node, names: NameTable, in place: Place) throws -> Int64? {
        guard let machine = node.machine, machine.document.utf8.count <= Self.longestDocument else { return nil }
        let hardware = try node.record.hardware.map(names.hardware) ?? place.hardware
        try database.execute(
            sql: """
                INSERT INTO machine (fingerprint, labels, hardware_id, host, seen_us, document) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (fingerprint, labels) DO UPDATE SET
                    hardware_id = excluded.hardware_id, host = excluded.host, seen_us = excluded.seen_us,
                    document = excluded.document
                WHERE excluded.seen_us >= seen_us
                """,
            arguments: [
                machine.fingerprint.withoutNUL, machine.labels.withoutNUL, hardware, machine.host?.withoutNUL,
                place.startedAt, machine.document.withoutNUL,
            ])
        return try Int64.fetchOne(
            database, sql: "SELECT id FROM machine WHERE fingerprint = ? AND labels = ?",
            arguments: [machine.fingerprint.withoutNUL, machine.labels.withoutNUL])
    }

    /// Far above every honest profile.
    private static let longestDocument = 1 << 20

    private func insert(_ batch: HistoricalRun.BatchTiming, names: NameTable, in place: Place) throws {
        try database.execute(
            sql: "INSERT INTO batch (run_id, suite_id, units, wall_us, tests_us) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                place.run, try names.suite(batch.suite), max(batch.units, 0), batch.wall.historyMicroseconds,
                batch.tests.historyMicroseconds,
            ])
    }

    /// Computes the estimate of one test on one class of hardware anew; removes it if nothing is left to learn from.
    func learn(_ test: Int64, hardware: Int64) throws {
        let key: StatementArguments = [test, hardware]
        let samples = try Int64.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT duration_us FROM result WHERE test_id = ? AND hardware_id = ? AND teaches = 1
                    ORDER BY started_us DESC, run_id DESC LIMIT \(max(policy.samples, Self.samplesOfUpper))
                    """), arguments: key)
        guard !samples.isEmpty else {
            try database.cachedStatement(sql: "DELETE FROM estimate WHERE test_id = ? AND hardware_id = ?")
                .execute(arguments: key)
            return
        }
        let recent = samples.prefix(policy.samples)
        let typical = SampleStatistics.weightedMedian(newestFirst: recent, decay: policy.decay)
        let upper = SampleStatistics.percentile(99, ofSorted: samples.sorted())
        try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO estimate (test_id, hardware_id, typical_us, upper_us, samples, seen_us)
                SELECT ?1, ?2, ?3, ?4, ?5, result.started_us
                FROM result JOIN run ON run.id = result.run_id
                WHERE test_id = ?1 AND result.hardware_id = ?2 AND is_complete = 1 AND outcome != 1
                ORDER BY result.started_us DESC LIMIT 1
                """
        ).execute(arguments: [test, hardware, typical, upper, recent.count])
    }

    /// The 99th percentile looks further back than the median.
    private static let samplesOfUpper = 20
}

extension TestRecord {
    /// Only a pass in the first and only attempt says how long a test takes.
    fileprivate var teaches: Bool { attempts.count == 1 && outcome == .passed }
}
