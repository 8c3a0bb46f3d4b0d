import GRDB

/// The schema of a queue's file, as an append-only list of migrations counted in `user_version`.
///
/// Another schema than this dt-ci's is refused: processes of two versions must not serve one run by two sets of rules.
enum SQLiteQueueSchema {
    /// `dtcq` in ASCII: tells a queue from other people's databases.
    static let applicationID = 0x6474_6371

    /// Never edit one that was released: append.
    static let migrations: [String] = [version1]

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

    /// Times are milliseconds of the queue's clock, estimates microseconds; states and presences as in `RunBook`.
    private static let version1 = """
        CREATE TABLE clock (time INTEGER NOT NULL) STRICT;
        INSERT INTO clock VALUES (0);
        CREATE TABLE run (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            plan TEXT NOT NULL,
            source TEXT,
            version TEXT NOT NULL,
            rules INTEGER NOT NULL,
            target TEXT NOT NULL,
            patience INTEGER NOT NULL CHECK (patience > 0),
            failures INTEGER NOT NULL DEFAULT 0,
            stop TEXT,
            touched INTEGER NOT NULL,
            UNIQUE (name, attempt)
        ) STRICT;
        CREATE TABLE node (
            run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
            number INTEGER NOT NULL,
            name TEXT NOT NULL,
            heard INTEGER NOT NULL,
            presence INTEGER NOT NULL DEFAULT 0 CHECK (presence BETWEEN 0 AND 2),
            PRIMARY KEY (run, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE batch (
            run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
            number INTEGER NOT NULL,
            id TEXT NOT NULL,
            suite TEXT NOT NULL,
            units TEXT NOT NULL,
            estimate INTEGER NOT NULL,
            requirement TEXT NOT NULL DEFAULT '',
            rank INTEGER NOT NULL,
            state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 5),
            needs INTEGER NOT NULL DEFAULT 0 CHECK (needs >= 0),
            holder INTEGER,
            token INTEGER NOT NULL DEFAULT 0,
            deaths INTEGER NOT NULL DEFAULT 0,
            isolated INTEGER NOT NULL DEFAULT 0,
            shunned INTEGER,
            shunned_until INTEGER,
            results TEXT,
            PRIMARY KEY (run, number),
            CHECK (state <> 1 OR holder IS NOT NULL)
        ) STRICT;
        CREATE INDEX batch_ready ON batch (run, rank, number) WHERE state = 0 AND needs = 0;
        CREATE INDEX batch_leased ON batch (run, holder) WHERE state = 1;
        CREATE TABLE dependency (
            run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
            need INTEGER NOT NULL,
            batch INTEGER NOT NULL,
            PRIMARY KEY (run, need, batch)
        ) STRICT, WITHOUT ROWID;
        """
}
