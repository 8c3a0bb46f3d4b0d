package import CICore

extension SimulationReport {
    /// Everything as one document, `dt-ci/simulation/v1`.
    package var document: JSONValue {
        [
            "schema": "dt-ci/simulation/v1", "service": .string(scenario.service), "forge": .string(scenario.forge),
            "event": .string(scenario.event.rawValue), "comments": .array(exhibit.comments.map(\.document)),
            "statuses": .array(exhibit.statuses.map(\.document)), "reports": .array(exhibit.reports.map(\.document)),
            "testRuns": .array(
                exhibit.testRuns.map { run in
                    [
                        "name": .string(run.name), "state": .string(run.state), "tests": .int(run.tests.count),
                        "failed": .int(run.tests.count { $0.tone == .bad }),
                        "attachments": .array(run.attachments.map(\.document)),
                    ]
                }),
            "files": .array(exhibit.files.map(\.document)),
            "notes": .array(exhibit.notes.map { ["kind": .string($0.kind), "text": .string($0.text)] }),
            "summaries": .array(summaries.map { .string($0) }),
            "annotations": .array(log.annotations.map(\.document)),
            "folds": .array(log.lines.filter { $0.kind == .fold }.map { .string($0.text) }),
            "requests": .int(exchanges.count),
        ]
    }
}

extension ShownComment {
    fileprivate var document: JSONValue {
        [
            "place": .string(place), "author": .string(author), "markdown": .string(markdown),
            "marks": .array(marks.map { .string($0) }),
        ]
    }
}

extension ShownStatus {
    fileprivate var document: JSONValue {
        [
            "name": .string(name), "state": .string(state), "tone": .string(tone.rawValue),
            "summary": .string(summary), "url": .text(url), "place": .string(place),
        ]
    }
}

extension ShownReport {
    fileprivate var document: JSONValue {
        [
            "kind": .string(kind), "status": status.document, "title": .string(title), "markdown": .string(markdown),
            "annotations": .array(annotations.map(\.document)),
            "figures": .object(Dictionary(figures.pairs.map { ($0.name, .string($0.value)) }) { $1 }),
        ]
    }
}

extension ShownAnnotation {
    fileprivate var document: JSONValue {
        [
            "path": .text(path), "line": .int(line), "tone": .string(tone.rawValue), "title": .string(title),
            "message": .string(message),
        ]
    }
}

extension ShownFile {
    fileprivate var document: JSONValue {
        ["shelf": .string(shelf), "path": .string(path), "size": .int(Int(size)), "mediaType": .text(mediaType)]
    }
}
