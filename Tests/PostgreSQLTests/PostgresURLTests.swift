import CICore
import Testing

@testable import PostgreSQL

struct PostgresURLTests {
    @Test(arguments: [
        ("postgres://ci@db.example:5432/queue", "postgres://ci@db.example:5432/queue"),
        ("postgresql://ci:pa%24s@db/queue", "postgresql://ci:•••@db/queue"),
        ("postgres://ci:p@ss:w@db/queue?sslmode=require", "postgres://ci:•••@db/queue?sslmode=require"),
        (
            "postgres://db/queue?user=ci&password=hush&sslpassword=x",
            "postgres://db/queue?user=ci&password=•••&sslpassword=•••"
        ),
        ("postgres:///queue?host=/run/postgresql", "postgres:///queue?host=/run/postgresql"),
    ]) func `a URL prints without its passwords`(text: String, shown: String) throws {
        let url = try PostgresURL(text)
        #expect(url.description == shown)
        #expect(url.text.reveal() == text)
    }

    @Test(arguments: [
        "", "queue.db", "sqlite:queue.db", "postgres:/db", "postgres://a b/c", "postgres://a\u{0}b",
    ])
    func `what is no URL of a server is refused without being repeated`(text: String) {
        #expect {
            try PostgresURL(text)
        } throws: { error in
            let error = error as? PostgresError
            return error?.code == .malformedURL && (text.isEmpty || error?.description.contains(text) == false)
        }
    }

    @Test func `a password is taken out of whatever others say`() throws {
        let url = try PostgresURL("postgres://ci:pa%24s@db/queue")
        #expect(url.scrubbed("no pa$s\n  and no pa%24s\u{1B}[2J").contains("no •••; and no •••"))
    }
}
