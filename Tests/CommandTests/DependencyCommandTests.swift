import Foundation
import Testing

/// Suites and tests that wait for each other, through the built binary and with real processes.
struct DependencyCommandTests {
    private let directory: TemporaryDirectory
    private let binary: DTCIBinary

    init() throws {
        directory = try TemporaryDirectory()
        binary = DTCIBinary(in: directory.url)
    }

    /// Each test writes its name into `log` when it begins, and fails if `failing` names it.
    private func configure(_ suites: String, more: String = "") throws {
        try directory.write("echo \"$1\" >> log\n! grep -qx \"$1\" failing\n", to: "test.sh")
        try directory.write("", to: "failing")
        try directory.write("", to: "log")
        try directory.write("version: 1\nsuites:\n\(suites)\n\(more)\n", to: "dt-ci.yml")
    }

    /// A suite whose tests run each in a process of its own.
    private static func suite(_ name: String, _ tests: [String], _ more: String...) -> String {
        ([
            "  - name: \(name)", "    runner: command", "    units-per-batch: 1",
            "    list: [printf, '%s\\n', \(tests.joined(separator: ", "))]",
            "    command: [sh, test.sh, '{{tests}}']",
        ] + more.map { "    \($0)" }).joined(separator: "\n")
    }

    private func log() throws -> [String] { try directory.text("log").split(separator: "\n").map(String.init) }

    private func tests() throws -> [String: [String: Any]] {
        let data = Data(try directory.text(".dt-ci/results.json").utf8)
        let results = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        let tests = try #require(results["tests"] as? [[String: Any]])
        return Dictionary(tests.map { ($0["id"] as? String ?? "", $0) }) { first, _ in first }
    }

    private func because(_ id: String) throws -> String? {
        (try tests()[id]?["attempts"] as? [[String: Any]])?.last?["because"] as? String
    }

    private func databaseSuites() throws {
        try configure(
            [
                Self.suite("up", ["start"], "teardown: down"), Self.suite("down", ["stop"]),
                Self.suite(
                    "api", ["login", "search", "logout"], "setup: up", "rules:",
                    "  - {tests: logout, after: 'api::login'}"),
                Self.suite("free", ["a", "b"]),
            ].joined(separator: "\n"))
    }

    @Test func `a setup runs first, a teardown last, and a test after the one that it waits for`() async throws {
        try databaseSuites()
        let output = try await binary.run("run", "--slots", "3")
        #expect(output.exitCode == 0, "\(output)")
        let log = try log()
        let place = { (name: String) in log.firstIndex(of: name) ?? -1 }
        #expect(log.count == 7)
        #expect(place("start") < place("login") && place("start") < place("search"))
        #expect(place("login") < place("logout"))
        #expect(place("stop") > place("logout") && place("stop") > place("search"))
    }

    @Test func `what waits for a failed test is skipped by name in every report, and the setup is cleaned up`()
        async throws
    {
        try databaseSuites()
        try directory.write("login\n", to: "failing")
        let output = try await binary.run("run")
        #expect(output.exitCode == 1, "\(output)")
        #expect(output.standardOutput.contains("discovered 7 = ran 6 + skipped 1 + quarantined 0 + lost 0"))
        #expect(try log().last == "stop")
        #expect(try !log().contains("logout"))
        #expect(try because("api::logout") == "api::login")
        let junit = try directory.text(".dt-ci/junit.xml")
        #expect(junit.contains("message=\"not run because api::login did not pass\""))
        #expect(junit.contains("type=\"Dependency\""))
    }

    @Test func `a retry of a failed setup is waited for`() async throws {
        try configure(
            Self.suite("up", ["start"]) + "\n" + Self.suite("api", ["login"], "setup: up"))
        try directory.write(
            "echo \"$1\" >> log\n[ \"$1\" != start ] || [ -e once ] || { touch once; exit 1; }\n", to: "test.sh")
        let output = try await binary.run("run", "--retries", "1")
        #expect(output.exitCode == 0, "\(output)")
        #expect(try log() == ["start", "start", "login"])
    }

    @Test func `a part of the tests brings its setup and its teardown with it`() async throws {
        try databaseSuites()
        for arguments in [["run", "--only", "api::search"], ["run", "--suite", "api", "--only", "search"]] {
            try directory.write("", to: "log")
            let output = try await binary.run(arguments)
            #expect(output.exitCode == 0, "\(output)")
            #expect(try log() == ["start", "search", "stop"])
        }
        let output = try await binary.run("run", "--suite", "api")
        #expect(output.standardError.contains("the suite up runs too: it prepares api"), "\(output)")
    }

    @Test func `a circle of tests ends with 2 before anything runs`() async throws {
        try configure(
            Self.suite(
                "s", ["a", "b", "c"], "rules:", "  - {tests: a, after: 's::b'}", "  - {tests: b, after: 's::c'}",
                "  - {tests: c, after: 's::a'}"))
        let output = try await binary.run("run")
        #expect(output.exitCode == 2)
        #expect(output.standardError.contains("tests wait for each other: s::"), "\(output)")
        #expect(try log().isEmpty)
    }

    @Test func `a name that no test has ends with 2 and the nearest one`() async throws {
        try configure(Self.suite("s", ["login", "b"], "rules:", "  - {tests: b, after: 's::loginn'}"))
        let output = try await binary.run("run")
        #expect(output.exitCode == 2)
        #expect(output.standardError.contains("did you mean \"s::login\"?"), "\(output)")
    }

    @Test func `tests of one semaphore never run at once`() async throws {
        try configure(
            Self.suite("a", ["a1", "a2", "a3"], "exclusive: port") + "\n"
                + Self.suite("b", ["b1", "b2", "b3"], "exclusive: port"))
        // Whoever finds the directory there was not alone.
        try directory.write("mkdir held || exit 1\necho \"$1\" >> log\nrmdir held\n", to: "test.sh")
        let output = try await binary.run("run", "--slots", "4")
        #expect(output.exitCode == 0, "\(output)")
        #expect(try log().count == 6)
    }

    @Test func `nodes that share a plan each run whole what waits for each other`() async throws {
        try databaseSuites()
        var ran: [[String]] = []
        for node in 0..<2 {
            try directory.write("", to: "log")
            let output = try await binary.run("run", "--node", "\(node)/2", "--slots", "1")
            #expect(output.exitCode == 0, "\(output)")
            ran.append(try log())
        }
        #expect(ran.flatMap(\.self).sorted() == ["a", "b", "login", "logout", "search", "start", "stop"])
        let knot = ran.first { $0.contains("start") }
        #expect(knot?.filter { !["a", "b"].contains($0) }.count == 5)
        #expect(knot?.filter { !["a", "b"].contains($0) }.first == "start")
    }

    @Test(arguments: [("text", "level 1, waits for nothing"), ("dot", "digraph dependencies {"), ("svg", "<svg ")])
    func `the graph is printed alone`(format: String, beginning: String) async throws {
        try databaseSuites()
        let output = try await binary.run("plan", "--graph", format)
        #expect(output.exitCode == 0, "\(output)")
        #expect(output.standardOutput.hasPrefix(beginning))
        #expect(output.standardOutput.contains("api::logout"))
    }

    @Test func `an explanation names levels and the critical path`() async throws {
        try databaseSuites()
        let output = try await binary.run("plan", "--explain")
        #expect(output.standardOutput.contains("order: 4 units of 7 wait for others"), "\(output)")
        #expect(output.standardOutput.contains("critical path: "))
        #expect(output.standardOutput.contains("up::start"))
    }
}
