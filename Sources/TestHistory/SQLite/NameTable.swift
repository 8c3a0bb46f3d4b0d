import CICore
import GRDB

/// Names as numbers: each suite, class of hardware, container and test is stored as text once.
final class NameTable {
    private let database: Database
    private var suites: [SuiteName: Int64] = [:]
    private var containers: [Container: Int64] = [:]

    init(database: Database) { self.database = database }

    func hardware(_ hardware: HardwareClass) throws -> Int64 {
        try find(or: "hardware (name)", "hardware WHERE name = ?", [hardware.kept])
    }

    func suite(_ suite: SuiteName) throws -> Int64 {
        if let known = suites[suite] { return known }
        let id = try find(or: "suite (name)", "suite WHERE name = ?", [suite.kept])
        suites[suite] = id
        return id
    }

    /// The test's number; a test that moved to another container is moved.
    func test(_ test: TestRecord) throws -> Int64 {
        let suite = try suite(test.identity.suite)
        let container = try container(test.container.withoutNUL, in: suite)
        let selector = test.selector.withoutNUL
        let known = try database.cachedStatement(
            sql: "SELECT id, container_id FROM test WHERE suite_id = ? AND selector = ?")
        guard let row = try Row.fetchOne(known, arguments: [suite, selector]) else {
            try database.cachedStatement(sql: "INSERT INTO test (suite_id, selector, container_id) VALUES (?, ?, ?)")
                .execute(arguments: [suite, selector, container])
            return database.lastInsertedRowID
        }
        let id: Int64 = row[0]
        if row[1] != container {
            try database.cachedStatement(sql: "UPDATE test SET container_id = ? WHERE id = ?")
                .execute(arguments: [container, id])
        }
        return id
    }

    private func container(_ selector: String, in suite: Int64) throws -> Int64 {
        let key = Container(suite: suite, selector: selector)
        if let known = containers[key] { return known }
        let id = try find(
            or: "container (suite_id, selector)", "container WHERE suite_id = ? AND selector = ?", [suite, selector])
        containers[key] = id
        return id
    }

    private func find(or insertion: String, _ condition: String, _ values: StatementArguments) throws -> Int64 {
        if let id = try Int64.fetchOne(database, sql: "SELECT id FROM \(condition)", arguments: values) { return id }
        let marks = insertion.contains(",") ? "?, ?" : "?"
        try database.execute(sql: "INSERT INTO \(insertion) VALUES (\(marks))", arguments: values)
        return database.lastInsertedRowID
    }

    private struct Container: Hashable {
        var suite: Int64
        var selector: String
    }
}

extension TestRecord {
    /// The runner's own name of the test: what follows the suite in its id.
    var selector: String {
        let prefix = identity.suite.rawValue + "::"
        return id.rawValue.hasPrefix(prefix) ? String(id.rawValue.dropFirst(prefix.count)) : id.rawValue
    }
}

extension Identifier {
    /// As the database keeps it.
    var kept: String { rawValue.withoutNUL }
}

extension String {
    /// SQLite ends a text at the first NUL.
    var withoutNUL: String {
        guard utf8.contains(0) else { return self }
        return String(decoding: utf8.flatMap { $0 == 0 ? [0xEF, 0xBF, 0xBD] : [$0] }, as: UTF8.self)
    }
}
