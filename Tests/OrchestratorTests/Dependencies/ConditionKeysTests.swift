import CICore
import SystemPackage
import Testing

@testable import Orchestrator

struct ConditionKeysTests {
    private func read(_ text: String) throws -> Configuration {
        let reader = ConfigurationReader(files: LocalFileSystem(), runners: ["pytest", "command"])
        let settings = try reader.settings(from: Array(text.utf8), source: "dt-ci.yml")
        return try reader.configuration(of: settings, file: "/tmp/dt-ci.yml", root: "/tmp")
    }

    private func issues(_ text: String) -> [String] {
        do {
            _ = try read(text)
            return []
        } catch let error as ConfigurationError {
            return error.issues.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    /// Suites `a`, `b` and `c` with further lines each.
    private static func file(a: String = "", b: String = "", c: String = "", root: String = "") -> String {
        let suites = [("a", a), ("b", b), ("c", c)].map { name, line in
            "  - {name: \(name), runner: pytest\(line.isEmpty ? "" : ", \(line)")}"
        }
        return "version: 1\n\(root)\nsuites:\n\(suites.joined(separator: "\n"))\n"
    }

    @Test func `every condition of a suite arrives`() throws {
        let configuration = try read(
            Self.file(
                a: """
                    after: [group:slow, 'b::x*', 'tag:db'], setup: b, teardown: c, exclusive: {db: 2, port: },
                        rules: [{tests: t1, tags: [net], after: b, exclusive: db, serial: true}]
                    """,
                root: "groups: {slow: [b, 'c::y']}\nsemaphores: {db: 3}"))
        let conditions = configuration.suites[0].policy.conditions
        #expect(conditions.after.map(\.description) == ["group:slow", "b::x*", "tag:db"])
        #expect(conditions.after[0].targets == [.suite("b"), .tests("c", TestPattern("y"))])
        #expect(conditions.after[1].targets == [.tests("b", TestPattern("x*"))])
        #expect(conditions.after[2].targets == [.tag("db")])
        #expect(conditions.setup == ["b"])
        #expect(conditions.teardown == "c")
        #expect(
            conditions.exclusive == [
                .init(name: "db", count: 2, capacity: 3), .init(name: "port", count: 1, capacity: 1),
            ])
        let rule = try #require(conditions.rules.first)
        #expect(rule.selection == .init(tests: [TestPattern("t1")], tags: ["net"]))
        #expect(rule.after == [.init(suite: "b")])
        #expect(rule.exclusive == [.init(name: "db", count: 1, capacity: 3)])
        #expect(rule.isSerial)
    }

    @Test(arguments: [
        ("after: unti", "no suite is called \"unti\"; expected suites, group:NAME, tag:NAME or suite::pattern"),
        ("after: group:fast", "no group is called \"fast\"; expected \"groups:\" that names it"),
        ("after: 'tests/x.py::t'", "no suite is called \"tests/x.py\""),
        ("after: a", "the suite \"a\" waits for itself; expected another suite"),
        ("setup: a", "the suite \"a\" waits for itself; expected another suite"),
        ("teardown: a", "the suite \"a\" waits for itself; expected another suite"),
        ("setup: nope", "no suite is called \"nope\"; expected a suite"),
        ("exclusive: {db: 2}", "takes 2 of \"db\", which has 1 place; expected at most 1"),
        ("exclusive: {db: 0}", "found \"0\"; expected a whole number above zero"),
        ("rules: [{tests: x}]", "a rule that says nothing; expected after, exclusive, serial or requires"),
        ("rules: [{tests: x, wants: y}]", "unknown key \"wants\" in rules"),
    ])
    func `a mistake is told with its place`(line: String, words: String) {
        let issues = issues(Self.file(a: line))
        #expect(issues.contains { $0.hasPrefix("dt-ci.yml:4:") && $0.contains(words) }, "\(issues)")
    }

    @Test func `a name that is nearly right is suggested`() {
        let text =
            "version: 1\nsuites:\n  - {name: database, runner: pytest}\n  - {name: api, runner: pytest, after: datbase}\n"
        #expect(issues(text) == ["dt-ci.yml:4:40: no suite is called \"datbase\"; did you mean \"database\"?"])
    }

    @Test func `suites that wait for each other are told as a way round`() {
        let issues = issues(Self.file(a: "after: b", b: "after: c", c: "setup: a"))
        #expect(issues.count == 1)
        #expect(issues.first?.contains("suites wait for each other: a → b → c → a; expected an order") == true)
    }

    @Test func `a teardown waits for all that its setup holds up, also for a circle`() {
        #expect(issues(Self.file(a: "setup: b", b: "teardown: c")).isEmpty)
        let circle = issues(Self.file(a: "setup: b, after: c", b: "teardown: c"))
        #expect(circle.first?.contains("suites wait for each other: a → c → a") == true)
    }

    @Test func `all mistakes are told at once`() {
        let issues = issues(
            Self.file(a: "after: [x, group:y]", b: "setup: z, exclusive: {n: 9}", root: "groups: {g: [group:g, q]}"))
        #expect(issues.count == 6, "\(issues)")
    }

    @Test func `what prepares and cleans up runs with what needs it`() throws {
        let configuration = try read(Self.file(a: "setup: b", b: "teardown: c"))
        let companions = Suite.companions(of: ["a"], among: configuration.suites)
        #expect(companions.map(\.0) == ["b", "c"])
        #expect(companions.map(\.1) == ["prepares a", "cleans up after b"])
        #expect(Suite.companions(of: ["c"], among: configuration.suites).isEmpty)
    }
}
