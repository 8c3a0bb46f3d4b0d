import PostgreSQL

/// The tables of queues in a database, in the schema `dt_ci`, as an append-only list of migrations.
enum PostgresQueueSchema {
    /// Never edit one that was released: append.
    static let migrations: [String] = [version1]

    /// Workers are woken through it.
    static let channel = "dt_ci_queue"

    /// Any number that nobody else locks.
    private static let lock = 7_236_108_553

    /// Makes the tables, or checks them; one process at a time.
    static func migrate(_ session: PostgresSession, at place: String) throws {
        if try version(session) == migrations.count { return }
        try session.transaction {
            try session.rows("select pg_advisory_xact_lock($1::bigint)", [.integer(lock)])
            let version = try version(session)
            guard version <= migrations.count else {
                throw QueueError(
                    .otherVersion,
                    "the queue at \(place) was made by a newer dt-ci (schema \(version), this one has "
                        + "\(migrations.count)): use one version of dt-ci on all nodes")
            }
            for migration in migrations.dropFirst(version) { try session.execute(migration) }
            try session.execute(
                "delete from dt_ci.queue_schema; insert into dt_ci.queue_schema values (\(migrations.count))")
        }
    }

    /// 0 where there are no tables.
    private static func version(_ session: PostgresSession) throws -> Int {
        // Not `to_regclass`: its cache still misses what another process has made while this one waited for the lock.
        let found = try session.rows(
            """
            select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 'dt_ci' and c.relname = 'queue_schema'
            """)
        guard !found.isEmpty else { return 0 }
        guard let version = try session.rows("select version from dt_ci.queue_schema").first?.integer(0) else {
            throw QueueError(.foreign, "the schema dt_ci of the database holds something else than a queue of dt-ci")
        }
        return version
    }

    /// Estimates are microseconds; states and presences as in `RunBook`.
    private static let version1 = """
        create schema if not exists dt_ci;
        create table dt_ci.queue_schema (version int not null);
        create table dt_ci.queue_run (
            id int generated always as identity primary key,
            name text not null,
            attempt int not null,
            plan text not null,
            source text,
            version text not null,
            rules int not null,
            target text not null,
            patience interval not null check (patience > interval '0'),
            failures int not null default 0,
            stop text,
            touched timestamptz not null default clock_timestamp(),
            unique (name, attempt)
        );
        create table dt_ci.queue_node (
            run int not null references dt_ci.queue_run on delete cascade,
            number int not null,
            name text not null,
            heard timestamptz not null default clock_timestamp(),
            presence smallint not null default 0 check (presence between 0 and 2),
            primary key (run, number)
        );
        create table dt_ci.queue_batch (
            run int not null references dt_ci.queue_run on delete cascade,
            number int not null,
            id text not null,
            suite text not null,
            units text not null,
            estimate bigint not null,
            requirement text not null default '',
            rank int not null,
            state smallint not null default 0 check (state between 0 and 5),
            needs int not null default 0 check (needs >= 0),
            holder int,
            token bigint not null default 0,
            deaths int not null default 0,
            isolated bool not null default false,
            shunned int,
            shunned_until timestamptz,
            results text,
            primary key (run, number),
            check (state <> 1 or holder is not null)
        );
        create index queue_batch_ready on dt_ci.queue_batch (run, rank, number) where state = 0 and needs = 0;
        create index queue_batch_leased on dt_ci.queue_batch (run, holder) where state = 1;
        create table dt_ci.queue_dependency (
            run int not null references dt_ci.queue_run on delete cascade,
            need int not null,
            batch int not null,
            primary key (run, need, batch)
        );
        """
}
