import GRDB

/// The schema of the embedded history, as an append-only list of migrations counted in `user_version`.
///
/// An older dt-ci refuses a newer schema; a newer one migrates an older schema in place when it opens it. Not GRDB's
/// migrator: that checks what is applied outside of the transaction that applies it, so that two processes which open a
/// fresh file at once would both create the tables.
enum SQLiteSchema {
    /// `dtci` in ASCII: tells a history from other people's databases.
    static let applicationID = 0x6474_6369

    /// Never edit one that was released: append.
    static let migrations: [String] = [version1, version2, version3]

    /// What a file is, judged before anything is written to it.
    enum Problem: Error {
        case foreignDatabase
        case newer(version: Int)
    }

    /// Brings the file up to date in one transaction; cheap when it is.
    static func migrate(_ database: Database) throws {
        guard try version(of: database) < migrations.count else { return }
        try database.inTransaction(.immediate) {
            for migration in migrations.dropFirst(try version(of: database)) { try database.execute(sql: migration) }
            try database.execute(sql: "PRAGMA user_version = \(migrations.count)")
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            return .commit
        }
    }

    private static func version(of database: Database) throws -> Int {
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let tables = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM sqlite_schema") ?? 0
        guard application == applicationID || (application == 0 && version == 0 && tables == 0) else {
            throw Problem.foreignDatabase
        }
        guard version <= migrations.count else { throw Problem.newer(version: version) }
        return version
    }

    /// Times are microseconds since 1970, durations microseconds (at most a hundred years), outcomes 0 passed, 1 skipped,
    /// 2 failed, 3 errored. `estimate` is derived from `result` and can be built again from it.
    private static let version1 = """
        CREATE TABLE suite (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE hardware (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE container (
            id INTEGER PRIMARY KEY,
            suite_id INTEGER NOT NULL REFERENCES suite,
            selector TEXT NOT NULL,
            UNIQUE (suite_id, selector)
        ) STRICT;
        CREATE TABLE test (
            id INTEGER PRIMARY KEY,
            suite_id INTEGER NOT NULL REFERENCES suite,
            selector TEXT NOT NULL,
            container_id INTEGER NOT NULL REFERENCES container,
            UNIQUE (suite_id, selector)
        ) STRICT;
        CREATE INDEX test_container ON test (container_id);
        CREATE TABLE run (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            started_us INTEGER NOT NULL,
            commit_sha TEXT,
            branch TEXT,
            hardware_id INTEGER NOT NULL REFERENCES hardware,
            is_complete INTEGER NOT NULL CHECK (is_complete IN (0, 1))
        ) STRICT;
        CREATE INDEX run_started ON run (started_us);
        CREATE TABLE result (
            test_id INTEGER NOT NULL REFERENCES test ON DELETE CASCADE,
            hardware_id INTEGER NOT NULL REFERENCES hardware,
            started_us INTEGER NOT NULL,
            run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
            outcome INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 3),
            attempts INTEGER NOT NULL CHECK (attempts >= 1),
            is_flaky INTEGER NOT NULL CHECK (is_flaky IN (0, 1)),
            teaches INTEGER NOT NULL CHECK (teaches IN (0, 1)),
            duration_us INTEGER NOT NULL CHECK (duration_us BETWEEN 0 AND 3200000000000000),
            PRIMARY KEY (test_id, hardware_id, started_us, run_id),
            CHECK (teaches = 0 OR (outcome = 0 AND is_flaky = 0 AND attempts = 1))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX result_run ON result (run_id);
        CREATE TABLE batch (
            id INTEGER PRIMARY KEY,
            run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
            suite_id INTEGER NOT NULL REFERENCES suite,
            units INTEGER NOT NULL CHECK (units >= 0),
            wall_us INTEGER NOT NULL CHECK (wall_us BETWEEN 0 AND 3200000000000000),
            tests_us INTEGER NOT NULL CHECK (tests_us BETWEEN 0 AND 3200000000000000)
        ) STRICT;
        CREATE INDEX batch_run ON batch (run_id);
        CREATE TABLE estimate (
            test_id INTEGER NOT NULL REFERENCES test ON DELETE CASCADE,
            hardware_id INTEGER NOT NULL REFERENCES hardware,
            typical_us INTEGER NOT NULL CHECK (typical_us BETWEEN 0 AND 3200000000000000),
            upper_us INTEGER NOT NULL CHECK (upper_us BETWEEN typical_us AND 3200000000000000),
            samples INTEGER NOT NULL CHECK (samples >= 1),
            seen_us INTEGER NOT NULL,
            PRIMARY KEY (test_id, hardware_id)
        ) STRICT, WITHOUT ROWID;
        """

    /// What a run was made of: executions of tests that had more than one (others are their results), machines, and what was
    /// left behind. Runs of before have none of it.
    private static let version2 = """
        CREATE TABLE attempt (
            test_id INTEGER NOT NULL,
            hardware_id INTEGER NOT NULL,
            started_us INTEGER NOT NULL,
            run_id INTEGER NOT NULL,
            number INTEGER NOT NULL CHECK (number >= 1),
            outcome INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 3),
            duration_us INTEGER NOT NULL CHECK (duration_us BETWEEN 0 AND 3200000000000000),
            PRIMARY KEY (test_id, hardware_id, started_us, run_id, number),
            FOREIGN KEY (test_id, hardware_id, started_us, run_id) REFERENCES result ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE node (
            run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
            number INTEGER NOT NULL CHECK (number >= 0),
            hardware_id INTEGER REFERENCES hardware,
            lost INTEGER NOT NULL CHECK (lost >= 0),
            batches INTEGER NOT NULL CHECK (batches >= 0),
            busy_us INTEGER NOT NULL CHECK (busy_us BETWEEN 0 AND 3200000000000000),
            PRIMARY KEY (run_id, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE artifact (
            id INTEGER PRIMARY KEY,
            run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
            test TEXT,
            name TEXT NOT NULL,
            media_type TEXT,
            size INTEGER NOT NULL CHECK (size >= 0),
            sha256 TEXT,
            place TEXT,
            url TEXT
        ) STRICT;
        CREATE INDEX artifact_run ON artifact (run_id);
        """

    /// What the machines of nodes had. Nodes of before have none.
    private static let version3 = """
        CREATE TABLE machine (
            id INTEGER PRIMARY KEY,
            fingerprint TEXT NOT NULL,
            labels TEXT NOT NULL,
            hardware_id INTEGER NOT NULL REFERENCES hardware,
            host TEXT,
            seen_us INTEGER NOT NULL,
            document TEXT NOT NULL,
            UNIQUE (fingerprint, labels)
        ) STRICT;
        ALTER TABLE node ADD COLUMN machine_id INTEGER REFERENCES machine;
        """
}
