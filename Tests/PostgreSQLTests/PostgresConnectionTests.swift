import PostgresServer
import Synchronization
import Testing

@testable import PostgreSQL

/// Against a real server.
struct PostgresConnectionTests {
    private let server: PostgresServer

    init() throws { server = try PostgresServer.shared.get() }

    private func connection(_ options: String = "") throws -> PostgresConnection {
        PostgresConnection(try PostgresURL(server.url("postgres", options: options)))
    }

    @Test(arguments: [
        "plain", "", "quote \" and ' and \\", "{a,b}", "NULL", "ü → 漢 🎉", "line\nbreak\ttab",
    ]) func `texts come back as they went, alone and in arrays`(text: String) async throws {
        let rows = try await connection().rows(
            "select $1::text, ($2::text[])[1], cardinality($2::text[])", [.text(text), .texts([text, "other"])])
        #expect(rows[0].text(0) == text)
        #expect(rows[0].text(1) == text)
        #expect(rows[0].integer(2) == 2)
    }

    @Test func `a text that fills many packets comes back whole`() async throws {
        let text = String(repeating: "x", count: 3_000_000)
        #expect(try await connection().rows("select $1::text", [.text(text)])[0].text(0) == text)
    }

    @Test func `numbers, bytes and nulls keep their kind`() async throws {
        let bytes = Array(UInt8.min...UInt8.max)
        let rows = try await connection().rows(
            "select $1::bigint, $2::bytea, $3::text, $4::bytea, $5::bigint[], true",
            [.integer(.min), .bytes(bytes), .null, .bytes([]), .integers([1, -2])])
        let row = try #require(rows.first)
        #expect(row.integer(0) == .min)
        #expect(row.binary(1) == bytes)
        #expect(row.text(2) == nil)
        #expect(row.binary(3) == [])
        #expect(row.text(4) == "{1,-2}")
        #expect(row.flag(5))
    }

    @Test func `a wrong password is told as such and never repeated`() async throws {
        let connection = PostgresConnection(try PostgresURL(server.url("postgres", password: "not-the-one")))
        let error = await #expect(throws: PostgresError.self) { try await connection.rows("select 1") }
        #expect(error?.code == .denied)
        #expect(error?.description.contains("not-the-one") == false)
    }

    @Test func `TLS is used where the URL asks for it, and refused where nobody vouches for the server`() async throws {
        let rows = try await connection("?sslmode=require").rows(
            "select ssl from pg_stat_ssl where pid = pg_backend_pid()")
        #expect(rows[0].flag(0))
        let error = await #expect(throws: PostgresError.self) {
            try await connection("?sslmode=verify-full&sslrootcert=/nowhere").rows("select 1")
        }
        #expect(error?.code == .denied)
    }

    @Test func `a port where nobody listens is unreachable`() async throws {
        let connection = PostgresConnection(try PostgresURL("postgres://dtci@127.0.0.1:1/postgres"))
        let error = await #expect(throws: PostgresError.self) { try await connection.rows("select 1") }
        #expect(error?.code == .unreachable)
        #expect(error?.isPassing == true)
    }

    @Test func `an option that libpq does not know is the URL's mistake`() async throws {
        let error = await #expect(throws: PostgresError.self) { try await connection("?sslmoode=x").rows("select 1") }
        #expect(error?.code == .malformedURL)
        #expect(error?.description.contains(server.password) == false)
    }

    @Test func `a refused statement leaves the connection usable`() async throws {
        let connection = try connection()
        let error = await #expect(throws: PostgresError.self) { try await connection.rows("select * from nowhere") }
        #expect(error?.code == .refused(state: "42P01"))
        #expect(try await connection.rows("select 7")[0].integer(0) == 7)
    }

    @Test func `a transaction that throws leaves nothing behind`() async throws {
        let connection = PostgresConnection(try PostgresURL(server.database()))
        try await connection.perform { try $0.execute("create table kept (n int)") }
        struct Broken: Error {}
        await #expect(throws: Broken.self) {
            try await connection.perform { session in
                try session.transaction {
                    try session.rows("insert into kept values (1)")
                    throw Broken()
                }
            }
        }
        #expect(try await connection.rows("select count(*) from kept")[0].integer(0) == 0)
    }

    @Test func `a statement that takes too long is ended, and the next one runs`() async throws {
        let connection = PostgresConnection(
            try PostgresURL(server.url("postgres")), limits: .init(statement: .seconds(1)))
        let error = await #expect(throws: PostgresError.self) { try await connection.rows("select pg_sleep(600)") }
        #expect(error?.code == .timedOut)
        #expect(try await connection.rows("select 1").count == 1)
    }

    @Test func `a notification wakes whoever listens, also when it comes beside an answer`() async throws {
        let (channels, channel) = AsyncStream<String>.makeStream()
        let listener = PostgresConnection(
            try PostgresURL(server.url("postgres")), greeting: "listen news", onNotification: { channel.yield($0) })
        try await listener.rows("select 1")
        var heard = channels.makeAsyncIterator()
        #expect(await heard.next() == "")
        try await connection().rows("select pg_notify('news', '')")
        #expect(await heard.next() == "news")
        try await listener.rows("select pg_notify('news', '')")
        #expect(await heard.next() == "news")
    }

    @Test func `a server that was killed is told, and found again when it is back`() async throws {
        let own = try PostgresServer()
        let (channels, channel) = AsyncStream<String>.makeStream()
        let connection = PostgresConnection(
            try PostgresURL(own.url("postgres")), greeting: "listen news", onNotification: { channel.yield($0) })
        try await connection.rows("select 1")
        var heard = channels.makeAsyncIterator()
        #expect(await heard.next() == "")
        try own.crash()
        // The loss is noticed without anybody asking.
        #expect(await heard.next() == "")
        #expect(try await connection.rows("select 2")[0].integer(0) == 2)
        #expect(await heard.next() == "")
    }

    @Test func `without libpq one sentence names the package`() async throws {
        let connection = PostgresConnection(
            try PostgresURL("postgres://db/queue"), library: PostgresLibrary(open: { false }))
        let error = await #expect(throws: PostgresError.self) { try await connection.rows("select 1") }
        #expect(error?.code == .libraryMissing)
        #expect(error?.description.contains("libpq5") == true)
    }
}
