import TestHistory

/// The SQL that types the exported tables and looks at them, for DuckDB.
enum ExportScript {
    /// A table as it is exported: `tests` says whose they are beside what the history keeps.
    static func columns(of table: ExportTable) -> [ExportTable.Column] {
        table == .tests ? table.columns + [.init("owners", .text, mayBeNull: true)] : table.columns
    }

    /// Makes the tables, fills them from the files beside it, and makes the views.
    static var text: String {
        let tables = ExportTable.allCases.map { "\(definition(of: $0))\n\(copy(of: $0))\n" }
        return """
            -- A history of tests. Load it with: duckdb history.duckdb < schema.sql
            -- Times are UTC, durations seconds; `owners` are separated by blanks.

            \(tables.joined(separator: "\n"))
            \(views)

            """
    }

    private static func definition(of table: ExportTable) -> String {
        let columns = columns(of: table).map { column in
            "    \(column.name) \(type(of: column.kind))\(column.mayBeNull ? "" : " NOT NULL")"
        }
        return "CREATE TABLE \(table.rawValue) (\n\(columns.joined(separator: ",\n"))\n);"
    }

    private static func copy(of table: ExportTable) -> String {
        """
        COPY \(table.rawValue) FROM '\(table.rawValue).csv' (
            FORMAT csv, HEADER, AUTO_DETECT false, DELIMITER ',', QUOTE '"', ESCAPE '"', NEW_LINE '\\n', NULLSTR '',
            ALLOW_QUOTED_NULLS false, MAX_LINE_SIZE 16777216
        );
        """
    }

    private static func type(of kind: ExportTable.Kind) -> String {
        switch kind {
        case .text: "VARCHAR"
        case .integer: "BIGINT"
        case .number: "DOUBLE"
        case .flag: "BOOLEAN"
        case .time: "TIMESTAMP"
        }
    }

    /// What people ask first.
    private static let views = """
        -- What each test came to in each run.
        CREATE VIEW results AS
        SELECT run, r.started_at, r.commit_sha, r.branch, r.is_complete, test, t.suite, t.owners, a.hardware,
            any_value(a.result) AS outcome, bool_or(a.is_flaky) AS is_flaky, max(a.attempt) AS attempts,
            sum(a.seconds) AS seconds
        FROM attempts a JOIN runs r USING (run) JOIN tests t USING (test)
        GROUP BY ALL;

        -- Tests that passed only after failing, or both failed and passed on one commit and kind of machine.
        CREATE VIEW flaky_tests AS
        WITH mixed AS (
            SELECT test, commit_sha, hardware FROM results WHERE commit_sha IS NOT NULL GROUP BY ALL
            HAVING bool_or(outcome = 'passed') AND bool_or(outcome IN ('failed', 'errored'))
        ), judged AS (
            SELECT results.*, is_flaky OR (outcome IN ('failed', 'errored') AND mixed.test IS NOT NULL) AS flipped
            FROM results LEFT JOIN mixed USING (test, commit_sha, hardware) WHERE outcome <> 'skipped'
        )
        SELECT test, owners, count(*) FILTER (flipped) AS flaky_runs, count(*) AS runs,
            round(count(*) FILTER (flipped) / count(*), 4) AS rate, max(started_at) FILTER (flipped) AS last_seen
        FROM judged GROUP BY test, owners HAVING count(*) FILTER (flipped) > 0
        ORDER BY rate DESC, flaky_runs DESC, test;

        -- Where the time goes: what a pass takes.
        CREATE VIEW slowest_tests AS
        SELECT test, owners, hardware, round(median(seconds), 6) AS typical,
            round(quantile_cont(seconds, 0.99), 6) AS p99, count(*) AS runs
        FROM results WHERE outcome = 'passed' GROUP BY test, owners, hardware ORDER BY typical DESC, test;

        CREATE VIEW by_day AS
        SELECT CAST(started_at AS DATE) AS day, count(DISTINCT run) AS runs, count(*) AS results,
            count(*) FILTER (outcome IN ('failed', 'errored')) AS failures, count(*) FILTER (is_flaky) AS flaky,
            sum(seconds) AS seconds
        FROM results GROUP BY day ORDER BY day;

        -- A test of several owners counts for each.
        CREATE VIEW by_owner AS
        SELECT owner, count(DISTINCT test) AS tests, count(*) FILTER (outcome IN ('failed', 'errored')) AS failures,
            count(DISTINCT test) FILTER (is_flaky) AS flaky_tests, sum(seconds) AS seconds
        FROM (SELECT *, unnest(string_split(coalesce(owners, '(nobody)'), ' ')) AS owner FROM results)
        GROUP BY owner ORDER BY failures DESC, owner;

        -- Tests that failed when they were last executed on a branch, and since when.
        CREATE VIEW failing_since AS
        WITH executed AS (
            SELECT *, outcome IN ('failed', 'errored') AS has_failed FROM results WHERE outcome <> 'skipped'
        ), passes AS (
            SELECT test, branch, max(started_at) FILTER (NOT has_failed) AS last_pass FROM executed GROUP BY ALL
        )
        SELECT e.test, e.branch, any_value(e.owners) AS owners, min(e.started_at) AS since,
            arg_min(e.commit_sha, e.started_at) AS commit_sha, count(*) AS runs
        FROM executed e JOIN passes p ON p.test = e.test AND p.branch IS NOT DISTINCT FROM e.branch
        WHERE e.has_failed AND (p.last_pass IS NULL OR e.started_at > p.last_pass)
        GROUP BY e.test, e.branch ORDER BY since, e.test;

        -- How busy machines were.
        CREATE VIEW node_use AS
        SELECT run, r.started_at, node, n.hardware, batches, busy_seconds, lost
        FROM nodes n JOIN runs r USING (run) ORDER BY r.started_at, node;
        """
}
