import CICore
import GRDB
import SystemPackage
import Testing

@testable import TestHistory

/// What a history hands out for other tools.
@Suite struct HistoryTablesTests {
    private let second = Duration.seconds(1)

    @Test(arguments: StoreUnderTest.all)
    func `tables hold attempts, nodes and artifacts, and go with their run`(store: StoreUnderTest) async throws {
        try await store.fresh { store in
            let flaky = Sample.test("a", (.failed, .seconds(4)), (.errored, .seconds(2)), (.passed, second))
            var run = Sample.run(1, commit: "c1", tests: [flaky, Sample.test("b", (.passed, second))])
            run.parts = .init(
                nodes: [.init(NodeRecord(index: 1, hardware: "arm", lost: 2), batches: 3, busy: .seconds(9))],
                artifacts: [
                    RunArtifact(
                        name: "shot.png", test: "unit::a", mediaType: "image/png", size: 7,
                        places: [.init(title: "store", url: "https://a.example")])
                ])
            try store.record(run)
            #expect(
                try rows(of: .attempts, in: store).map { $0[2] } == [
                    .integer(1), .integer(2), .integer(3), .integer(1),
                ])
            #expect(
                try rows(of: .attempts, in: store).map { $0[3] }
                    == ["failed", "errored", "passed", "passed"].map { .text($0) })
            #expect(
                try rows(of: .nodes, in: store) == [
                    [.text("run-1"), .integer(1), .text("arm"), .integer(2), .integer(3), .number(9), .null]
                ])
            #expect(
                try rows(of: .artifacts, in: store) == [
                    [
                        .text("run-1"), .text("unit::a"), .text("shot.png"), .text("image/png"), .integer(7), .null,
                        .text("store"), .text("https://a.example"),
                    ]
                ])
            #expect(try rows(of: .runs, in: store).first?[1] == .text("2023-11-14T22:14:20.000Z"))
            for table in ExportTable.allCases {
                #expect(try rows(of: table, in: store).allSatisfy { $0.count == table.columns.count })
            }
            run.parts = .init()
            run.tests = [Sample.test("b", (.passed, second))]
            try store.record(run)
            #expect(try rows(of: .attempts, in: store).count == 1)
            #expect(try rows(of: .nodes, in: store).isEmpty)
            #expect(try rows(of: .artifacts, in: store).isEmpty)
        }
    }

    private func rows(of table: ExportTable, in store: any HistoryStore) throws -> [[ExportCell]] {
        var rows: [[ExportCell]] = []
        try store.export([table]) { _, cells in rows.append(cells) }
        return rows
    }

    @Test(arguments: StoreUnderTest.all)
    func `an error of the body ends an export and comes out as it is`(store: StoreUnderTest) async throws {
        struct Stop: Error {}
        try await store.fresh { store in
            try store.record(Sample.run(1, tests: [Sample.test("a", (.passed, second))]))
            #expect(throws: Stop.self) { try store.export(ExportTable.allCases) { _, _ in throw Stop() } }
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `tallies sum up what is kept of each test`(store: StoreUnderTest) async throws {
        try await store.fresh { store in
            try store.record(
                Sample.run(1, tests: [Sample.test("a", (.passed, second)), Sample.test("b", (.skipped, .zero))]))
            try store.record(
                Sample.run(
                    2,
                    tests: [
                        Sample.test("a", (.failed, second)), Sample.test("c", (.failed, second), (.passed, second)),
                    ]))
            let tallies = try store.tallies(HistoryQuery())
            #expect(tallies.map(\.test) == ["unit::a", "unit::b", "unit::c"])
            #expect(tallies.map(\.count.runs) == [2, 0, 1])
            #expect(tallies.map(\.count.failures) == [1, 0, 0])
            #expect(tallies.map(\.count.flaky) == [0, 0, 1])
            #expect(tallies.map(\.count.time) == [.seconds(2), .zero, second])
        }
    }

    @Test func `a history of before is brought up to date, and its attempts are those that it knows`() async throws {
        try await withTemporaryDirectory { root in
            let path = root.appending("old.db")
            try DatabaseQueue(path: path.string).writeWithoutTransaction { database in
                try database.execute(sql: SQLiteSchema.migrations[0])
                try database.execute(
                    sql: """
                        PRAGMA user_version = 1; PRAGMA application_id = \(SQLiteSchema.applicationID);
                        INSERT INTO suite VALUES (1, 'unit'); INSERT INTO hardware VALUES (1, 'x86');
                        INSERT INTO container VALUES (1, 1, 'a.py'); INSERT INTO test VALUES (1, 1, 'a.py::a', 1);
                        INSERT INTO run VALUES (1, 'run-1', 1700000000000000, NULL, NULL, 1, 1);
                        INSERT INTO result VALUES (1, 1, 1700000000000000, 1, 0, 3, 1, 0, 5000000);
                        """)
            }
            let store = try SQLiteHistoryStore(path: path)
            #expect(
                try rows(of: .attempts, in: store) == [
                    [
                        .text("run-1"), .text("unit::a.py::a"), .integer(3), .text("passed"), .number(5), .text("x86"),
                        .text("passed"), .integer(1),
                    ]
                ])
            #expect(try rows(of: .nodes, in: store).isEmpty)
            #expect(try store.extent() == HistoryExtent(schema: 3, runs: 1, tests: 1))
        }
    }
}
