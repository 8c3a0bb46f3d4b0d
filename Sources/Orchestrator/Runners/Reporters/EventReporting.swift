import Artifacts
import CICore
import SystemPackage

/// How our own reporters tell what runs: a file of JSON lines in the batch's results, named by a variable.
///
/// The reporters append, so that several processes of one batch may write to it.
struct EventReporting {
    /// The variable that names the file to the reporters.
    static let variable = "DTCI_TEST_EVENTS"
    let place: BatchPlace

    init(in place: BatchPlace) { self.place = place }

    var file: FilePath { place.results.appending("events.jsonl") }

    var environment: [String: String] { [Self.variable: file.string] }

    var report: ExpectedReport { ExpectedReport(file, format: .testEvents) }

    /// Where a reporter's source goes; beside the reports, so that it is kept with them.
    func reporter(_ name: String, source: String, searchedBy: String? = nil) -> SideFile {
        SideFile(
            place.results.appending("reporter").pushing(FilePath(name)), contents: Array(source.utf8),
            searchedBy: searchedBy)
    }

    /// What was finished and what had begun; for `TestRunner.progress`.
    func progress(using tools: RunnerTools) -> BatchProgress {
        var progress = BatchProgress()
        for event in events(using: tools) {
            switch event.kind {
            case .begin: break
            case .start: progress.running.append(event.id)
            case .end: progress.running.removeAll { $0 == event.id }
            case .finish:
                if let test = event.test { progress.finished.append(test) }
                if let index = progress.running.lastIndex(of: event.id) { progress.running.remove(at: index) }
            }
        }
        return progress
    }

    /// As `progress`, for tools that select files only: what a file told counts once the file has ended.
    func fileProgress(using tools: RunnerTools) -> BatchProgress {
        var progress = BatchProgress()
        var pending: [ReportedTest] = []
        for event in events(using: tools) {
            switch event.kind {
            case .begin: break
            case .start: progress.running.append(event.id)
            case .finish: if let test = event.test { pending.append(test) }
            case .end:
                progress.running.removeAll { $0 == event.id }
                progress.finished += pending
                pending = []
            }
        }
        return progress
    }

    /// The files that have ended; `nil` if the reporter was never loaded.
    func endedFiles(using tools: RunnerTools) -> Set<String>? {
        let events = events(using: tools)
        return events.isEmpty ? nil : Set(events.filter { $0.kind == .end }.map(\.id))
    }

    private func events(using tools: RunnerTools) -> [TestEvent] {
        // Without the file the process died before the reporter was loaded: nothing had begun.
        guard let bytes = try? tools.files.contents(of: file, limit: 1 << 30) else { return [] }
        return TestEvent.events(in: bytes)
    }
}

extension ReportedTest {
    /// The selector that one of our reporters gave; `nil` in other reports.
    var eventSelector: String? {
        properties[TestEvent.selectorProperty].flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension BatchScope {
    /// Whether one of the units is this test, or the file, class or package around it.
    func asksFor(_ selector: String, in container: String) -> Bool {
        units.contains { unit in
            unit.selector == selector
                || unit.selector == container && (unit.granularity < .test || unit.container == unit.selector)
        }
    }
}
