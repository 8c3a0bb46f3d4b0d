import CICore
import SystemPackage
import Testing

@testable import Orchestrator

@Suite struct QuarantineTests {
    private let text = """
        version: 1
        quarantine:
          - test: "unit::tests/test_net.py::*"
            owner: "@net-team"
            reason: "DNS in CI, #42"
            expires: 2026-03-31
          - {test: "test_area[1-2]", owner: ann, reason: "https://tracker/7", expires: "2027-01-01"}
        """

    private func issues(_ text: String) -> [String] {
        do {
            _ = try Quarantine(bytes: Array(text.utf8), source: "quarantine.yml")
            return []
        } catch {
            return error.issues.map(\.description)
        }
    }

    @Test func `entries arrive with owner, reason, last day and place`() throws {
        let quarantine = try Quarantine(bytes: Array(text.utf8), source: "quarantine.yml")
        #expect(quarantine.entries.map(\.owner) == ["@net-team", "ann"])
        #expect(quarantine.entries.map(\.reason) == ["DNS in CI, #42", "https://tracker/7"])
        #expect(quarantine.entries.map(\.expires.description) == ["2026-03-31", "2027-01-01"])
        #expect(quarantine.entries.map(\.position?.line) == [3, 7])
    }

    @Test func `a test finds the first entry that names it`() throws {
        let quarantine = try Quarantine(bytes: Array(text.utf8), source: "quarantine.yml")
        #expect(quarantine.entry(matching: "unit::tests/test_net.py::test_dns")?.owner == "@net-team")
        #expect(quarantine.entry(matching: "e2e::test_area[1-2]")?.owner == "ann")
        #expect(quarantine.entry(matching: "unit::tests/test_disk.py::test_full") == nil)
    }

    @Test(arguments: [("2026-03-31", 0), ("2026-04-01", 1), ("2027-01-01", 1), ("2027-01-02", 2)])
    func `an entry holds to the end of its day`(today: String, expired: Int) throws {
        let quarantine = try Quarantine(bytes: Array(text.utf8), source: "quarantine.yml")
        #expect(quarantine.expired(on: try #require(CalendarDay(today))).count == expired)
    }

    @Test(arguments: [
        (
            "version: 1\nquarantine:\n  - {test: a, owner: b, reason: c}\n",
            "quarantine.yml:3:5: \"expires\" is missing; expected a day such as 2026-03-31"
        ),
        (
            "version: 1\nquarantine:\n  - {test: a, owner: b, reason: c, expires: 2026-02-30}\n",
            "quarantine.yml:3:45: found \"2026-02-30\"; expected a day such as 2026-03-31"
        ),
        (
            "version: 1\nquarantine:\n  - {test: a, owner: '', reason: c, expires: 2026-02-28}\n",
            "quarantine.yml:3:22: found \"\"; expected text"
        ),
        (
            "version: 1\nquarantine:\n  - {test: a, owner: b, reason: c, expires: 2026-02-28, untl: x}\n",
            "quarantine.yml:3:57: unknown key \"untl\" in quarantine; expected test, owner, reason, expires"
        ),
        ("- a\n", "quarantine.yml:1:1: found a list; expected a mapping with version, quarantine"),
    ])
    func `a mistake is told with its place`(text: String, message: String) {
        #expect(issues(text) == [message])
    }

    @Test(arguments: ["", "version: 1\n", "version: 1\nquarantine:\n", "version: 1\nquarantine: []\n"])
    func `an empty file is an empty quarantine`(text: String) throws {
        #expect(try Quarantine(bytes: Array(text.utf8), source: "quarantine.yml").entries.isEmpty)
    }

    @Test func `a file that is not there is an empty quarantine`() throws {
        #expect(try Quarantine(file: "/no/such/quarantine.yml", files: LocalFileSystem()).entries.isEmpty)
    }
}
