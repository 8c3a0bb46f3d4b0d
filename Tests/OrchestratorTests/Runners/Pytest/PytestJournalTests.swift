import Artifacts
import CICore
import Testing

@testable import Orchestrator

struct PytestJournalTests {
    @Test func `a session that died tells what finished, what ran and what was to come`() {
        let journal = PytestJournal(
            Array(
                #"""
                {"event": "collected", "ids": ["t.py::a", "t.py::b[x/\"y]", "t.py::c"]}
                {"event": "started", "id": "t.py::a"}
                {"event": "finished", "id": "t.py::a", "outcome": "failed", "seconds": 0.25, "type": "ValueError", "message": "no", "details": "long"}
                {"event": "started", "id": "t.py::b[x/\"y]"}
                {"event": "fini
                """#.utf8))
        #expect(journal.collected == ["t.py::a", "t.py::b[x/\"y]", "t.py::c"])
        #expect(journal.running == ["t.py::b[x/\"y]"])
        #expect(journal.finished.map(\.name) == ["a"])
        #expect(journal.finished.first?.className == "t")
        #expect(
            journal.finished.first?.attempts == [
                Attempt(
                    outcome: .failed, duration: .milliseconds(250),
                    reason: .init(type: "ValueError", message: "no", details: "long"))
            ])
        #expect(!journal.isComplete)
    }

    @Test func `a file that kills its importer is named`() {
        let journal = PytestJournal(Array("{\"event\": \"collecting\", \"id\": \"t.py\"}\n".utf8))
        #expect(journal.running == ["t.py"])
        #expect(journal.collected == nil)
    }

    @Test(arguments: ["", "\n\n", "{}", "[1]\n\u{0}", "{\"event\": \"finished\"}", "{\"event\": 3}", "null"])
    func `bytes that are no events are left out`(text: String) {
        let journal = PytestJournal(Array(text.utf8))
        #expect(journal.finished.isEmpty && journal.running.isEmpty && journal.collected == nil)
    }
}
