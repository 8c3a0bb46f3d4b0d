import CICore
import Orchestrator
import Reporting
import Synchronization
import SystemPackage
import Testing

@testable import dt_ci

struct DoctorRulesTests {
    private func runner(_ check: ToolCheck, ways: [String] = ["apt-get install bats"]) -> Finding {
        RunnerRules(
            suite: Suite(name: "unit", runner: "bats", workingDirectory: "/"), title: "bats",
            question: ToolQuestion(program: "bats", arguments: ["bats", "--version"], ways: ways)
        ).finding(check)
    }

    @Test(
        arguments: [
            (ToolCheck.answered("Bats 1.8.2"), Finding.Level.ok, "Bats 1.8.2", nil),
            (.answered("1.8.2"), .ok, "bats: 1.8.2", nil),
            (
                .missing("bats"), .broken(.collectionFailed), "bats: bats is not installed or not in PATH",
                "apt-get install bats"
            ),
            (
                .refused(.exited(1), words: "Error: no"), .broken(.collectionFailed),
                "bats: bats cannot be started: exit code 1: Error: no", "apt-get install bats"
            ),
            (
                .outdated("Bats 0.4", minimum: "1.5"), .broken(.collectionFailed),
                "Bats 0.4 is too old: bats must be 1.5 or newer", "apt-get install bats"
            ),
            (
                .hanging(after: .seconds(5)), .problem, "bats: bats did not answer within 5.00 s",
                "run `bats --version` by hand: a run would wait for it as well"
            ),
            (
                .nowhere("/a"), .broken(.usage), "bats: the directory /a does not exist",
                "mend working-directory: of the suite unit in dt-ci.yml"
            ),
            (
                .speechless("hi"), .note, "bats: bats answers, and tells no version but \"hi\"",
                "see that bats in PATH is the tool you mean"
            ),
            (.unasked("/bin/bats"), .ok, "bats: the suite's own command (/bin/bats), not started here", nil),
        ] as [(ToolCheck, Finding.Level, String, String?)])
    func `what became of asking a tool is told with what to do`(
        check: ToolCheck, level: Finding.Level, text: String, advice: String?
    ) {
        #expect(runner(check) == Finding(level, "unit", text, advice: advice))
    }

    @Test func `what is absent behind a tool that is there is named`() {
        let question = ToolQuestion(
            program: "npx", arguments: ["npx"], ways: ["apt-get install npm", "npm install --save-dev jest"],
            absence: "jest is not installed in the project")
        let suite = Suite(name: "unit", runner: "jest", workingDirectory: "/")
        let finding = RunnerRules(suite: suite, title: "Jest", question: question).finding(
            .refused(.exited(1), words: "npm error"))
        #expect(finding.text == "Jest: jest is not installed in the project (npx ended with exit code 1: npm error)")
        #expect(finding.advice == "npm install --save-dev jest" && finding.level == .broken(.collectionFailed))
    }

    @Test(
        arguments: [
            (nil, Finding.Level.ok, "r"), (Int64(5) << 30, .ok, "r, 5.0 GiB free"),
            (Int64(900) << 20, .note, "r, 900 MiB free"),
            (0, .note, "r, 0 B free"),
        ] as [(Int64?, Finding.Level, String)])
    func `little room is worth a word`(free: Int64?, level: Finding.Level, text: String) {
        let finding = StoreRules.results("r", free: free)
        #expect(finding.level == level && finding.text == text)
    }

    @Test func `an entry of the quarantine that ended is a problem`() throws {
        let quarantine = try Quarantine(
            bytes: Array(
                """
                version: 1
                quarantine:
                  - {test: "a::b", owner: mona, reason: slow, expires: 2026-01-31}
                """.utf8), source: "quarantine.yml")
        let day = { try #require(CalendarDay($0)) }
        #expect(StoreRules.quarantine(quarantine, on: try day("2026-01-31"), isThere: true).level == .ok)
        let late = StoreRules.quarantine(quarantine, on: try day("2026-02-01"), isThere: true)
        #expect(late.level == .problem && late.advice?.contains("mona") == true)
    }

    @Test(arguments: [
        ("-----BEGIN CERTIFICATE-----\nMIIB\nab+/=\n-----END CERTIFICATE-----\n", 1),
        ("text\r\n-----BEGIN TRUSTED CERTIFICATE-----\r\nMIIB\r\n-----END TRUSTED CERTIFICATE-----\r\n", 1),
        ("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n", 0),
        ("-----BEGIN CERTIFICATE-----\n<html>\n-----END CERTIFICATE-----\n", 0),
        ("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", 0), ("-----BEGIN CERTIFICATE-----\nMIIB\n", 0),
        ("", 0), ("\u{0}\u{FFFD}", 0),
    ]) func `certificates are counted where they are whole`(text: String, count: Int) {
        #expect(CertificateFile.count(in: Array(text.utf8)) == count)
    }

    /// Somebody who waits for an answer.
    private final class Held: Sendable {
        let waiting = Mutex<CheckedContinuation<Int, Never>?>(nil)
    }

    @Test func `what never ends is not waited for`() async {
        #expect(await Patience.run(within: .seconds(30)) { 7 } == 7)
        #expect(await Patience.block(within: .seconds(30)) { 7 } == 7)
        let held = Held()
        let never = await Patience.run(within: .milliseconds(20)) {
            await withCheckedContinuation { waiting in held.waiting.withLock { $0 = waiting } }
        }
        #expect(never == nil)
        held.waiting.withLock { $0 }?.resume(returning: 1)
    }

    @Test(arguments: [
        ("https://a.b:8443/c?d", "https://a.b:8443"), ("http://a", "http://a"), ("nonsense", "nonsense"),
        ("http://a?x://y", "http://a"),
    ]) func `an origin is scheme and authority`(url: String, origin: String) {
        #expect(WatchedHTTP.origin(of: url) == origin)
    }

    @Test func `a checkup lets no request out that would write`() async {
        struct Reading: HTTPPort {
            func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
                #expect([.get, .head].contains(request.method))
                return HTTPResponse(status: 204)
            }
        }
        let http = WatchedHTTP(Reading())
        for method in [HTTPRequest.Method.post, .put, .patch, .delete] {
            await #expect(throws: HTTPError.self) { try await http.send(HTTPRequest(method, "http://a/b")) }
        }
        await #expect(throws: Never.self) { try await http.send(HTTPRequest(.get, "http://a/b")) }
        #expect(http.sightings(of: "http://a").count == 1)
    }
}
