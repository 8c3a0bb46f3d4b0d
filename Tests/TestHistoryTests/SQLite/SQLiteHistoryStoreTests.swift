import CICore
import GRDB
import SystemPackage
import Testing

@testable import TestHistory

/// What is particular to the embedded store: files, locks and other people's bytes.
@Suite struct SQLiteHistoryStoreTests {
    private let files = LocalFileSystem()
    private let test = Sample.test("a", (.passed, .seconds(1)))

    @Test func `a url is relative to the root and makes its directory`() async throws {
        try await withTemporaryDirectory { root in
            let url = try HistoryURL("sqlite:.dt-ci/deep/history.db", root: root)
            try url.open().record(Sample.run(1, tests: [test]))
            #expect(files.exists(root.appending(".dt-ci").appending("deep").appending("history.db")))
            #expect(try url.openExisting().timings(HistoryQuery()).count == 1)
        }
    }

    @Test func `the directory of results ignores itself in git`() async throws {
        try await withTemporaryDirectory { root in
            _ = try HistoryURL("sqlite:.dt-ci/history.db", root: root).open()
            #expect(try files.text(of: root.appending(".dt-ci").appending(".gitignore")) == "*\n")
        }
    }

    @Test(arguments: [
        ("sqlite:/var/h.db", "/var/h.db"), ("sqlite:///var/h.db", "/var/h.db"), ("sqlite:h.db", "/root/h.db"),
        ("sqlite:../h.db", "/root/../h.db"),
    ])
    func `a url names a path`(text: String, path: String) throws {
        #expect(try HistoryURL(text, root: "/root").path == FilePath(path))
    }

    @Test(arguments: ["postgres://me:secret@db/x", "sqlite:", "history.db", "", "sqlite::memory:", "http://x"])
    func `another url is refused without telling its password`(text: String) {
        let error = #expect(throws: HistoryError.self) { try HistoryURL(text, root: "/root") }
        #expect(error?.code == .unsupported)
        #expect(error?.description.contains("secret") == false)
        #expect(error?.location.contains("secret") == false)
    }

    @Test func `nothing is created for reading`() async throws {
        try await withTemporaryDirectory { root in
            let error = #expect(throws: HistoryError.self) {
                try HistoryURL("sqlite:a/h.db", root: root).openExisting()
            }
            #expect(error?.code == .missing)
            #expect(!files.exists(root.appending("a")))
        }
    }

    @Test func `garbage is an error and stays as it is`() async throws {
        try await withTemporaryDirectory { root in
            let path = root.appending("h.db")
            let garbage = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try files.write(garbage, to: path)
            let error = #expect(throws: HistoryError.self) { try SQLiteHistoryStore(path: path) }
            #expect(error?.code == .corrupt)
            #expect(error?.description.contains(path.string) == true)
            #expect(try files.contents(of: path, limit: 1 << 20) == garbage)
        }
    }

    @Test(arguments: Array(stride(from: 100, to: 60_000, by: 2500)))
    func `damage inside the file is an error or goes unnoticed, never a crash`(offset: Int) async throws {
        try await withTemporaryDirectory { root in
            let path = root.appending("h.db")
            do {
                let store = try SQLiteHistoryStore(path: path)
                let tests = (0..<300).map { Sample.test("test_\($0)", in: "f\($0 % 9)", (.passed, .seconds(1))) }
                try store.record(Sample.run(1, tests: tests))
                try store.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
            }
            var bytes = try files.contents(of: path, limit: 10 << 20)
            for index in offset..<min(offset + 700, bytes.count) { bytes[index] ^= 0xA5 }
            try files.write(bytes, to: path)
            do {
                let store = try SQLiteHistoryStore(path: path)
                let model = try store.durations(suite: Sample.suite, hardware: Sample.linux)
                _ = model.estimate(container: "f1", default: .seconds(1))
                try store.record(Sample.run(2, tests: [test]))
                _ = try store.timings(HistoryQuery())
                _ = try store.prune(HistoryPolicy(resultsPerTest: 1, runs: 1))
            } catch {
                #expect(error is HistoryError)
            }
        }
    }

    @Test func `a database of another program is refused untouched`() async throws {
        try await withTemporaryDirectory { root in
            let path = root.appending("h.db")
            try DatabaseQueue(path: path.string).write { try $0.execute(sql: "CREATE TABLE cookie (id INTEGER)") }
            let error = #expect(throws: HistoryError.self) { try SQLiteHistoryStore(path: path) }
            #expect(error?.code == .corrupt)
            let tables = try DatabaseQueue(path: path.string).read {
                try String.fetchAll($0, sql: "SELECT name FROM sqlite_schema")
            }
            #expect(tables == ["cookie"])
        }
    }

    @Test func `a newer schema is refused politely`() async throws {
        try await withTemporaryDirectory { root in
            let path = root.appending("h.db")
            try SQLiteHistoryStore(path: path).writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA user_version = 99")
            }
            let error = #expect(throws: HistoryError.self) { try SQLiteHistoryStore(path: path) }
            #expect(error?.code == .newerSchema)
            #expect(error?.description.contains("newer dt-ci") == true)
        }
    }

    @Test func `an unusable place is an error`() async throws {
        try await withTemporaryDirectory { root in
            try files.write([], to: root.appending("file"))
            for path in [root, root.appending("file").appending("h.db"), "/proc/nowhere/h.db"] {
                let error = #expect(throws: HistoryError.self) { try SQLiteHistoryStore(path: path) }
                #expect(error?.code == .unwritable, "\(path): \(String(describing: error))")
            }
        }
    }

    @Test func `two writers on one fresh file lose nothing`() async throws {
        try await withTemporaryDirectory { root in
            let path = root.appending("h.db")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<2 {
                    group.addTask {
                        let store = try SQLiteHistoryStore(path: path)
                        for number in 0..<40 {
                            let test = Sample.test("t\(number)", (.passed, .seconds(1)))
                            try store.record(Sample.run(writer * 1000 + number, tests: [test]))
                            _ = try store.durations(suite: Sample.suite, hardware: Sample.linux)
                        }
                    }
                }
                try await group.waitForAll()
            }
            var results = 0
            try SQLiteHistoryStore(path: path).forEachResult(HistoryQuery()) { _ in results += 1 }
            #expect(results == 80)
        }
    }

    @Test func `a failed recording leaves nothing of itself`() async throws {
        try await withTemporaryDirectory { root in
            let store = try SQLiteHistoryStore(path: root.appending("h.db"))
            try store.writeWithoutTransaction {
                try $0.execute(
                    sql: """
                        CREATE TRIGGER full BEFORE INSERT ON batch BEGIN SELECT RAISE(ABORT, 'no'); END
                        """)
            }
            let batch = HistoricalRun.BatchTiming(suite: "unit", units: 1, wall: .seconds(1), tests: .seconds(1))
            #expect(throws: HistoryError.self) { try store.record(Sample.run(1, tests: [test], batches: [batch])) }
            #expect(try store.timings(HistoryQuery()).isEmpty)
            try store.record(Sample.run(1, tests: [test]))
            #expect(try store.timings(HistoryQuery()).count == 1)
        }
    }
}
