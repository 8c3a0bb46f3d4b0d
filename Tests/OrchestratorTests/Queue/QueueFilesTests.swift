import CICore
import GRDB
import PostgreSQL
import PostgresServer
import SystemPackage
import Testing

@testable import Orchestrator

/// Places that hold something else, or that cannot be used.
struct QueueFilesTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    private var path: FilePath { scratch.path.appending("queue.db") }

    @Test func `another program's database is refused and left alone`() throws {
        try DatabaseQueue(path: path.string).write { try $0.execute(sql: "CREATE TABLE mine (a)") }
        let error = #expect(throws: QueueError.self) { try SQLiteQueue(path: path) }
        #expect(error?.code == .foreign)
        let tables = try DatabaseQueue(path: path.string).read {
            try String.fetchAll($0, sql: "SELECT name FROM sqlite_schema")
        }
        #expect(tables == ["mine"])
    }

    @Test func `a file of a newer schema is refused`() throws {
        _ = try SQLiteQueue(path: path)
        try DatabaseQueue(path: path.string).write { try $0.execute(sql: "PRAGMA user_version = 7") }
        let error = #expect(throws: QueueError.self) { try SQLiteQueue(path: path) }
        #expect(error?.code == .otherVersion)
        #expect(error?.description.contains("schema 7") == true)
    }

    @Test func `a text file is no queue`() throws {
        try LocalFileSystem().write(Array("hello, this is no database at all".utf8), to: path)
        #expect(throws: QueueError.self) { try SQLiteQueue(path: path) }
    }

    @Test func `clocks ten minutes apart lose nobody`() async throws {
        let clock = HandClock()
        let ahead = try SQLiteQueue(path: path) { clock.now + 600_000 }
        let behind = try SQLiteQueue(path: path) { clock.now }
        _ = try await ahead.open(.sample(), batches: [.sample("a", 2), .sample("b")])
        let slow = try await behind.join(QueueKey(run: "r"), as: "behind")
        let fast = try await ahead.join(QueueKey(run: "r"), as: "ahead")
        let leases = try await behind.lease(slow, .init(count: 1))
        for _ in 0..<10 {
            clock.advance(.seconds(20))
            #expect(try await ahead.beat(fast).nodes == 2)
            #expect(try await behind.beat(slow).nodes == 2)
        }
        #expect(try await behind.finish(slow, leases.map { EndedLease($0) }).accepted == [0])
        // Lost is lost all the same.
        for _ in 0..<4 {
            clock.advance(.seconds(20))
            _ = try await ahead.beat(fast)
        }
        #expect(try await ahead.beat(fast).nodes == 1)
    }

    @Test func `a database of a newer schema is refused`() async throws {
        let url = try PostgresURL(PostgresServer.shared.get().database())
        _ = try await PostgresQueue(url).openRuns()
        try await PostgresConnection(url).rows("update dt_ci.queue_schema set version = 7")
        let error = await #expect(throws: QueueError.self) { try await PostgresQueue(url).openRuns() }
        #expect(error?.code == .otherVersion)
    }

    @Test func `sixteen that meet an empty database make its tables once`() async throws {
        let url = try PostgresURL(PostgresServer.shared.get().database())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 { group.addTask { _ = try await PostgresQueue(url).openRuns() } }
            try await group.waitForAll()
        }
        #expect(try await PostgresConnection(url).rows("select 1 from dt_ci.queue_schema").count == 1)
    }

    @Test func `somebody else's tables are refused`() async throws {
        let url = try PostgresURL(PostgresServer.shared.get().database())
        try await PostgresConnection(url).perform {
            try $0.execute("create schema dt_ci; create table dt_ci.queue_schema (other text)")
        }
        let error = await #expect(throws: QueueError.self) { try await PostgresQueue(url).openRuns() }
        #expect(error?.code == .foreign)
    }

    @Test(arguments: [
        ("memory:", "memory:"), ("sqlite:q.db", "sqlite:/root/q.db"), ("sqlite:///abs/q.db", "sqlite:/abs/q.db"),
        ("q.db", "sqlite:/root/q.db"), ("../q.db", "sqlite:/root/../q.db"), ("dir/a:b", "sqlite:/root/dir/a:b"),
        ("postgres://ci:hush@db/q", "postgres://ci:•••@db/q"),
    ]) func `a URL says where the queue is`(text: String, shown: String) throws {
        #expect(try QueueURL(text, root: "/root").description == shown)
    }

    @Test(arguments: [
        "", "sqlite:", "sqlite::memory:", "memory:x", "redis://host", "postgres:host", "mysql://u:hush@db/q",
    ])
    func `what names no queue is refused without its password`(text: String) {
        let error = #expect(throws: QueueError.self) { try QueueURL(text, root: "/root") }
        #expect(error?.code == .malformedURL)
        #expect(error?.description.contains("hush") == false)
    }
}
